#include "kernel/shell/interpreter.hpp"

#include <algorithm>

#include "kernel/fs/pipe.hpp"
#include "kernel/shell/jobs.hpp"
#include "kernel/shell/stopwatch.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/pattern.hpp"

namespace nacre::shell {
namespace {

using Status = Interpreter::Status;

bool is_subshell(const Command& command) {
  const auto* const group = std::get_if<GroupCommand>(&command.form);
  return group != nullptr && group->is_subshell;
}

/// Whether `set -e` looks at the status: that of what is put together of other commands was looked
/// at in there. [posix/xcu: "set"]
bool counts_for_errors(const Pipeline& pipeline) {
  if (pipeline.commands.size() > 1) return true;
  const Command& command = pipeline.commands[0];
  return std::holds_alternative<SimpleCommand>(command.form) || is_subshell(command);
}

std::string_view name_of(const Command& command) {
  const auto* const simple = std::get_if<SimpleCommand>(&command.form);
  if (simple == nullptr || simple->words.empty() || simple->words[0].parts.empty()) return "shell";
  return simple->words[0].parts[0].text;
}

/// A command of a pipeline, in a task of its own, and what it has to itself.
struct Stage {
  Stage(const Execution& execution, ShellState copy)
      : state(std::move(copy)), interpreter(execution, state) {}

  ShellState state;
  Interpreter interpreter;
  exec::JoinHandle<int> handle;  // goes first: the task uses all of this
};

}  // namespace

fs::Stream& Interpreter::error_stream() {
  fs::Stream* const stream = state_.descriptors.stream(2);
  return stream == nullptr ? closed_ : *stream;
}

exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::is_too_deep() {
  if (state_.depth < max_depth) co_return false;
  static_cast<void>(co_await print(
      error_stream(), "nacre: functions and subshells stand in each other more than {} deep\n",
      max_depth));
  state_.give_up(status::usage);
  co_return true;
}

exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::is_too_deep_in_tasks() {
  if (state_.task_depth < max_task_depth) co_return false;
  static_cast<void>(co_await print(
      error_stream(), "nacre: pipelines stand in each other more than {} deep\n", max_task_depth));
  state_.give_up(status::usage);
  co_return true;
}

exec::Task<Status> Interpreter::run_list(const List& list) {
  for (const base::Shared<AndOrList>& item : list.items) {
    co_await control_.pace(turn_);
    if (item->is_background) {
      CO_TRY(state_.parameters.last_status, co_await start_in_background(item));
    } else {
      CO_TRY(state_.parameters.last_status, co_await run_and_or(*item));
    }
    if (state_.is_leaving()) break;
  }
  co_return state_.parameters.last_status;
}

exec::Task<Status> Interpreter::run_and_or(const AndOrList& list) {
  int& last = state_.parameters.last_status;
  for (const AndOrList::Item& item : list.items) {
    bool const succeeded = last == status::success;
    if (item.join == AndOrList::Join::And && !succeeded) continue;
    if (item.join == AndOrList::Join::Or && succeeded) continue;
    bool const is_tested = &item != &list.items.back() || item.pipeline.is_negated;
    state_.tested += is_tested ? 1 : 0;
    CO_TRY(last, co_await run_pipeline(item.pipeline));
    state_.tested -= is_tested ? 1 : 0;
    if (state_.is_leaving()) break;
    bool const ends = state_.parameters.options.exit_on_error && last != status::success &&
                      !is_tested && state_.tested == 0 && counts_for_errors(item.pipeline);
    if (ends) {
      state_.leave_shell(last);
      break;
    }
  }
  co_return last;
}

exec::Task<Status> Interpreter::interruptibly(exec::Task<Status> work) {
  if (!state_.traps_signals()) co_return co_await std::move(work);
  CO_TRY(bool const too_deep, co_await is_too_deep_in_tasks());
  if (too_deep) co_return status::usage;
  ++state_.task_depth;
  CO_TRY(auto handle, execution_.services.executor.spawn("shell", std::move(work)));
  auto const end = [&handle] { handle.cancel(); };
  SignalInbox::Interruptible const interruptible(*state_.signals, end);
  auto const result = co_await handle.join();
  --state_.task_depth;
  if (result) co_return *result;
  co_return status::interrupted;
}

exec::Task<Status> Interpreter::run_pipeline(const Pipeline& pipeline) {
  Stopwatch const stopwatch(execution_.services.executor, execution_.group);
  std::span<const Command> const commands(pipeline.commands.data(), pipeline.commands.size());
  CO_TRY(int status,
         commands.size() == 1 ? co_await run_command(commands[0]) : co_await run_stages(commands));
  if (execution_.terminal != nullptr) execution_.terminal->reset_mode();
  if (pipeline.timing != Pipeline::Timing::None) {
    // What cannot be told is not worth more than the status.
    static_cast<void>(co_await write_text(error_stream(), stopwatch.report(pipeline.timing)));
  }
  if (pipeline.is_negated && !state_.is_leaving())
    status = status == status::success ? status::failure : status::success;
  if (!state_.signals->empty()) {
    state_.parameters.last_status = status;
    CO_TRY(co_await take_signals());
    if (state_.leaving == Leaving::Shell) status = state_.exit_status.value_or(status);
  }
  co_return status;
}

exec::Task<int> Interpreter::run_stage(const Command& command) {
  is_one_command_ = std::holds_alternative<SimpleCommand>(command.form);
  is_one_subshell_ = is_subshell(command);
  auto const result = co_await run_command(command);
  if (!result) static_cast<void>(co_await print(error_stream(), "nacre: out of memory\n"));
  auto const ended =
      co_await run_exit_trap(state_.exit_status.value_or(result.value_or(status::failure)));
  // Its neighbours hear that it has ended.
  state_.descriptors.close_all();
  co_return ended.value_or(status::failure);
}

exec::Task<Status> Interpreter::run_apart(const AndOrList& list) {
  const auto& commands = list.items[0].pipeline.commands;
  is_one_subshell_ = list.items.size() == 1 && commands.size() == 1 && is_subshell(commands[0]);
  CO_TRY(int const status, co_await run_and_or(list));
  co_return co_await run_exit_trap(state_.exit_status.value_or(status));
}

exec::Task<Status> Interpreter::run_stages(std::span<const Command> commands) {
  CO_TRY(bool const too_deep, co_await is_too_deep_in_tasks());
  if (too_deep) co_return status::usage;
  base::Vector<base::Box<Stage>> stages;
  CO_TRY(stages.try_reserve(commands.size()));
  SharedStream input;
  for (const Command& command : commands) {
    CO_TRY(ShellState copy, state_.try_copy_for_subshell(execution_.jobs.new_environment()));
    ++copy.task_depth;
    if (input) copy.descriptors.set(0, std::move(input));
    input = {};
    if (&command != &commands.back()) {
      CO_TRY(auto pipe, fs::PipeEnds::create());
      CO_TRY(auto output, own(std::move(pipe.writer)));
      CO_TRY(input, own(std::move(pipe.reader)));
      copy.descriptors.set(1, std::move(output));
    }
    CO_TRY(auto made, base::try_make<Stage>(execution_, std::move(copy)));
    Stage& stage = *made;
    stages.push_back_reserved(std::move(made));
    CO_TRY(stage.handle, execution_.services.executor.spawn(name_of(command),
                                                            stage.interpreter.run_stage(command)));
  }
  int last = status::success;
  auto const end = [&stages] {
    for (base::Box<Stage>& stage : stages) stage->handle.cancel();
  };
  SignalInbox::Interruptible const interruptible(*state_.signals, end);
  for (base::Box<Stage>& stage : stages)
    last = (co_await stage->handle.join()).value_or(status::interrupted);
  co_return last;
}

exec::Task<Status> Interpreter::run_command(const Command& command) {
  state_.parameters.line = static_cast<usize>(static_cast<i64>(command.line) + state_.line_shift);
  if (const auto* const simple = std::get_if<SimpleCommand>(&command.form)) {
    co_return co_await run_simple(*simple, command);
  }
  if (command.redirections.empty()) co_return co_await run_form(command);
  Descriptors const before = state_.descriptors;
  CO_TRY(bool const is_redirected, co_await redirect(command));
  Status result = status::failure;
  if (is_redirected) result = co_await run_form(command);
  state_.descriptors = before;
  co_return result;
}

exec::Task<Status> Interpreter::run_form(const Command& command) {
  const auto& form = command.form;
  if (const auto* const group = std::get_if<GroupCommand>(&form))
    return group->is_subshell ? run_subshell(group->body) : run_list(group->body);
  if (const auto* const one = std::get_if<IfCommand>(&form)) return run_if(*one);
  if (const auto* const one = std::get_if<LoopCommand>(&form)) return run_loop(*one);
  if (const auto* const one = std::get_if<ForCommand>(&form)) return run_for(*one);
  if (const auto* const one = std::get_if<CaseCommand>(&form)) return run_case(*one);
  return define(std::get<FunctionDefinition>(form));
}

exec::Task<Status> Interpreter::define(const FunctionDefinition& definition) {
  CO_TRY(auto* const body, state_.functions.find_or_add(definition.name));
  *body = definition.body;
  co_return status::success;
}

exec::Task<Status> Interpreter::run_subshell(const List& body) {
  if (std::exchange(is_one_subshell_, false)) co_return co_await run_list(body);
  co_return co_await interruptibly(run_subshell_now(body));
}

exec::Task<Status> Interpreter::run_subshell_now(const List& body) {
  CO_TRY(bool const too_deep, co_await is_too_deep());
  if (too_deep) co_return status::usage;
  CO_TRY(ShellState copy, state_.try_copy_for_subshell(execution_.jobs.new_environment()));
  Interpreter inner(execution_, copy);
  CO_TRY(int const status, co_await inner.run_list(body));
  co_return co_await inner.run_exit_trap(copy.exit_status.value_or(status));
}

exec::Task<Status> Interpreter::run_if(const IfCommand& command) {
  for (const IfCommand::Branch& branch : command.branches) {
    ++state_.tested;
    CO_TRY(int const status, co_await run_list(branch.condition));
    --state_.tested;
    if (state_.is_leaving()) co_return status;
    if (status == status::success) co_return co_await run_list(branch.body);
  }
  if (command.otherwise.items.empty()) co_return status::success;
  co_return co_await run_list(command.otherwise);
}

/// Looks at what a loop's commands left. True if the loop itself is left.
bool Interpreter::leaves_loop() {
  bool const is_about_loops =
      state_.leaving == Leaving::Loop || state_.leaving == Leaving::Iteration;
  if (!is_about_loops) return state_.is_leaving();
  if (state_.levels > 1) {
    --state_.levels;
    return true;
  }
  bool const goes_on = state_.leaving == Leaving::Iteration;
  state_.leaving = Leaving::Nothing;
  return !goes_on;
}

exec::Task<Status> Interpreter::run_loop(const LoopCommand& command) {
  int status = status::success;
  ++state_.loops;
  for (;;) {
    ++state_.tested;
    CO_TRY(int const condition, co_await run_list(command.condition));
    --state_.tested;
    if (state_.is_leaving()) {
      bool const says_return = state_.leaving == Leaving::Function;
      if (says_return) status = condition;
      if (leaves_loop()) break;
      continue;
    }
    if ((condition == status::success) == command.until) break;
    CO_TRY(status, co_await run_list(command.body));
    if (leaves_loop()) break;
  }
  --state_.loops;
  co_return status;
}

exec::Task<Status> Interpreter::run_for(const ForCommand& command) {
  base::Vector<base::String> words;
  if (command.over_arguments) {
    for (const base::String& argument : state_.parameters.arguments) {
      CO_TRY(base::String copy, argument.try_copy());
      CO_TRY(words.try_push_back(std::move(copy)));
    }
  }
  for (const Word& word : command.words) {
    if (auto const added = co_await expander_.add_fields(word, words); !added) {
      CO_TRY(co_await complain_about(added.error()));
      co_return state_.parameters.last_status;
    }
  }
  int status = status::success;
  ++state_.loops;
  for (const base::String& word : words) {
    co_await control_.pace(turn_);
    auto const set = state_.parameters.variables.set(command.variable, word);
    if (!set) {
      if (set.error().kind == VariableError::Kind::OutOfMemory)
        co_return std::unexpected(base::OutOfMemory{});
      static_cast<void>(
          co_await print(error_stream(), "nacre: {}: is read only\n", command.variable.view()));
      state_.give_up(status::usage);
      status = status::usage;
      break;
    }
    CO_TRY(status, co_await run_list(command.body));
    if (leaves_loop()) break;
  }
  --state_.loops;
  co_return status;
}

exec::Task<Status> Interpreter::run_case(const CaseCommand& command) {
  auto subject = co_await expander_.text_of(command.subject);
  if (!subject) {
    CO_TRY(co_await complain_about(subject.error()));
    co_return state_.parameters.last_status;
  }
  for (const CaseCommand::Item& item : command.items) {
    for (const Word& word : item.patterns) {
      auto text = co_await expander_.pattern_of(word);
      if (!text) {
        CO_TRY(co_await complain_about(text.error()));
        co_return state_.parameters.last_status;
      }
      CO_TRY(auto pattern, Pattern::create(*text));
      if (!pattern.matches(*subject)) continue;
      if (item.body.items.empty()) co_return status::success;
      co_return co_await run_list(item.body);
    }
  }
  co_return status::success;
}

exec::Task<Status> Interpreter::start_in_background(const base::Shared<AndOrList>& list) {
  CO_TRY(Job* const job, execution_.jobs.start(list, state_, false));
  state_.parameters.last_background = job->id();
  if (state_.is_interactive)
    static_cast<void>(co_await print(error_stream(), "[{}]\n", job->number));
  co_return status::success;
}

}  // namespace nacre::shell
