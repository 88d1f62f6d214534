using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Where tables go: standard output, without colours and without folding to a terminal's width when it is not one.</summary>
internal static class Screen
{
    private const int WideEnough = 400;

    public static IAnsiConsole Out { get; } = Create();

    private static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = WideEnough;
        return console;
    }
}
