using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>
/// Writes tables and lines to standard output. If standard output is not a terminal, tables have no colours and at most 80 columns, and lines are not wrapped.
/// </summary>
internal static class Screen
{
    private const int Columns = 80;

    private static readonly IAnsiConsole Console = Create();

    /// <summary>Writes a table to standard output.</summary>
    public static void Write(Spectre.Console.Rendering.IRenderable table) => Console.Write(table);

    /// <summary>Writes a line to standard output.</summary>
    public static void WriteLine(string line)
    {
        if (System.Console.IsOutputRedirected)
            System.Console.Out.WriteLine(line);
        else
            Console.WriteLine(line);
    }

    private static IAnsiConsole Create()
    {
        if (!System.Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            }
        );
        console.Profile.Width = Columns;
        return console;
    }
}
