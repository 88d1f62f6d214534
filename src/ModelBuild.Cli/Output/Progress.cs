using ModelBuild.Compression.Pipeline;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>
/// What the engine reports while it works, on standard error: a spinner with words where that is a terminal, or one plain line for each report.
/// </summary>
internal static class Progress
{
    /// <summary>Runs work behind a spinner; nothing is shown where standard error is not a terminal.</summary>
    public static T Run<T>(string title, Func<IProgress<WorkLine>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected)
            return work(new Lines(_ => { }));
        return console.Status().Start(Markup.Escape(title), status => work(new Lines(line => status.Status(Markup.Escape($"{title}: {line.Text}")))));
    }

    /// <summary>Prints reports as lines, but for those that only tell where a long run is.</summary>
    public static IProgress<WorkLine> Print(string title) => new Lines(line =>
    {
        if (!line.IsPassing)
            Console.Error.WriteLine($"{title}: {line.Text}");
    });

    private sealed class Lines(Action<WorkLine> show) : IProgress<WorkLine>
    {
        public void Report(WorkLine value) => show(value);
    }
}
