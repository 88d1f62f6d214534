using Microsoft.Build.Framework;
using Microsoft.Build.Logging.StructuredLogger;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>The events of a build, read from its binary log.</summary>
public sealed class BuildResult
{
    private readonly Lazy<List<BuildEventArgs>> _events;

    public BuildResult(int exitCode, string output, string log)
    {
        ExitCode = exitCode;
        Output = output;
        Log = log;
        _events = new(() => [.. BinaryLog.ReadRecords(log).Select(record => record.Args).OfType<BuildEventArgs>()]);
    }

    public int ExitCode { get; }

    /// <summary>Both streams of the console.</summary>
    public string Output { get; }

    /// <summary>The binary log.</summary>
    public string Log { get; }

    public IReadOnlyList<BuildErrorEventArgs> Errors => [.. _events.Value.OfType<BuildErrorEventArgs>()];

    public IReadOnlyList<BuildWarningEventArgs> Warnings => [.. _events.Value.OfType<BuildWarningEventArgs>()];

    /// <summary>The codes of errors and warnings, each once, in order.</summary>
    public IEnumerable<string> Codes =>
        Errors.Select(error => error.Code).Concat(Warnings.Select(warning => warning.Code)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Returns the number of starts of the program for a build phase.</summary>
    public int Starts(string stage) =>
        _events.Value.OfType<TaskCommandLineEventArgs>().Count(line => line.CommandLine.Contains("build-" + stage, StringComparison.Ordinal));

    /// <summary>How often a task of that name ran.</summary>
    public int Tasks(string name) => _events.Value.OfType<TaskStartedEventArgs>().Count(task => task.TaskName == name);

    /// <summary>What ModelBuild's tasks say that a user sees by default. The log does not tell low importance from high; the console does.</summary>
    public IEnumerable<string> Lines =>
        _events
            .Value.OfType<BuildMessageEventArgs>()
            .Where(message => message is not TaskCommandLineEventArgs && message.SenderName?.StartsWith("ModelBuild", StringComparison.Ordinal) == true)
            .Select(message => message.Message ?? "")
            .Where(text => Output.Contains(text, StringComparison.Ordinal));

    /// <summary>All text of all events.</summary>
    public IEnumerable<string> Texts => _events.Value.Select(args => args.Message ?? "");

    /// <summary>The compiler ran.</summary>
    public bool Compiled => Tasks("Csc") > 0;
}
