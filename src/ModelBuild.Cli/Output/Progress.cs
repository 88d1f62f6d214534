using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>A spinner with words on standard error while work takes long; nothing where that is not a terminal.</summary>
internal static class Progress
{
    public static T Run<T>(string title, Func<IProgress<string>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected)
            return work(new Words(_ => { }));
        return console.Status().Start(Markup.Escape(title), status => work(new Words(words => status.Status(Markup.Escape($"{title}: {words}")))));
    }

    private sealed class Words(Action<string> show) : IProgress<string>
    {
        public void Report(string value) => show(value);
    }
}
