/* main.c: the program. The only file that ends it. */
#include "cmd/dispatch.h"
#include "cmd/interrupt.h"

int main(int argc, char **argv)
{
    ms_interrupt_ignore_writes();
    ms_terminal terminal = ms_terminal_look();
    return (int)ms_dispatch(&terminal, argc, argv);
}
