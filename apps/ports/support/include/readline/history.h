/* What GNU readline remembers of lines: nothing is. */
#pragma once

void using_history(void);
void add_history(const char* line);
