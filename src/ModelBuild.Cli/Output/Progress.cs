using System.Diagnostics;
using System.Globalization;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Work;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>
/// Shows the reports of the engine on standard error: one line that changes if standard error is a terminal, and one line for each report otherwise.
/// </summary>
internal static class Progress
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs work and shows a line with the elapsed time and the current part of the work. Nothing is shown if standard error is not a terminal.
    /// </summary>
    /// <param name="title">The name of the model or file that is worked on.</param>
    /// <param name="part">The part of the work that is shown before the first report.</param>
    /// <param name="work">The work.</param>
    public static T Run<T>(string title, string part, Func<IProgress<WorkLine>, T> work)
    {
        if (Console.IsErrorRedirected)
            return work(new WorkLines(_ => { }));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Status()
            .Start(
                Markup.Escape(title),
                status =>
                {
                    var clock = Stopwatch.StartNew();
                    var place = new WorkPlace(part);
                    var left = new TimeLeft();
                    void Show() => status.Status(Markup.Escape(Line(title, Volatile.Read(ref place), clock.Elapsed, left, console.Profile.Width)));
                    using var tick = new Timer(_ => Show(), null, Second, Second);
                    return work(
                        new WorkLines(line =>
                        {
                            Volatile.Write(ref place, line.Place);
                            Show();
                        })
                    );
                }
            );
    }

    /// <summary>Prints each report as a line, except reports that only give the position in a long run.</summary>
    public static IProgress<WorkLine> Print(string title) =>
        new WorkLines(line =>
        {
            if (!line.IsPassing)
                Console.Error.WriteLine($"{title}: {line.Text}");
        });

    /// <summary>Formats a line such as <c>0:12 digits.onnx: step 2 of 3 int8, best 43.2 dB, then verifying</c>.</summary>
    private static string Line(string title, WorkPlace place, TimeSpan elapsed, TimeLeft left, int width)
    {
        // The width in columns of the spinner, a space before the line, and a last column that stays empty because a terminal wraps full lines.
        const int Spinner = 3;
        var head = string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalMinutes}:{elapsed.Seconds:00} {title}: ");
        return head + WorkWords.Of(place, Math.Max(0, width - Spinner - head.Length), left.Estimate(place, elapsed));
    }
}
