using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;
using ModelBuild.Tasks.Terminal;

namespace ModelBuild.Tasks.Program;

/// <summary>Starts the program for one build phase, reports its output as messages of the build, and ends it when the build is cancelled.</summary>
/// <param name="messages">Reports the messages.</param>
/// <param name="project">The absolute path of the project.</param>
/// <param name="folder">The absolute folder in obj.</param>
/// <param name="stage">The name of the phase.</param>
/// <param name="display">The display that shows models while the program works on them; null if there is none.</param>
/// <param name="options">More options for the program.</param>
internal sealed class ProgramStarter(
    BuildMessages messages,
    string project,
    string folder,
    string stage,
    TerminalDisplay? display,
    IReadOnlyList<string> options
)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly object _lock = new();
    private ProgramRun? _run;
    private bool _isCancelled;
    private bool _areShown;

    /// <summary>Cancels the run of the program. The method may be called from any thread at any time.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;
            _run?.Cancel();
        }
    }

    /// <summary>Runs the program for some requests. The result is false if there was an error, which is then already reported.</summary>
    /// <param name="hosts">The candidate paths of <c>dotnet</c>.</param>
    /// <param name="tool">The absolute path of modelbuild.dll.</param>
    /// <param name="models">The models with a request file.</param>
    public bool Run(string hosts, string tool, IReadOnlyList<ModelFiles> models)
    {
        if (!File.Exists(tool))
        {
            messages.Problem(
                Codes.ProgramFailed,
                project,
                $"The ModelBuild program does not exist at '{tool}'. The package is damaged, or ModelBuildToolPath is wrong."
            );
            return false;
        }

        if (DotnetHost.Find(hosts, Environment.GetEnvironmentVariable("PATH")) is not { } host)
        {
            messages.Problem(
                Codes.HostMissing,
                project,
                "No `dotnet` was found to run the ModelBuild program. Install the .NET SDK, put it on PATH, or set ModelBuildDotnetHost."
            );
            return false;
        }

        try
        {
            return Run(
                [host, tool, PhaseNames.Command(stage), ProgramOptions.WatchInput, .. Progress(), .. options, .. models.Select(model => model.Request(stage))],
                models
            );
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            messages.Problem(Codes.ProgramFailed, project, $"The ModelBuild program could not be started with '{host}': {exception.Message}");
            return false;
        }
    }

    private string[] Progress() => display is null ? [] : [ProgramOptions.ProgressFolder, display.Folder];

    private bool Run(string[] command, IReadOnlyList<ModelFiles> models)
    {
        messages.CommandLine(CommandLine.Join(command));
        var report = new ProgramReport();
        display?.Open();
        using var run = ProgramRun.Start(command[0], command.Skip(1), Path.GetDirectoryName(project) ?? folder, Grace);
        Watch(run);
        _areShown = display?.Show(models, run.Id) == true;
        foreach (var (line, isError) in run.Lines)
            Say(report.Add(line), isError);
        var exitCode = run.ExitCode;
        Watch(null);
        display?.Close();

        if (_isCancelled)
            messages.Note(Codes.Cancelled, project, "ModelBuild was cancelled.");
        else if (exitCode != 0 && !report.HasErrors)
            messages.Problem(
                Codes.ProgramFailed,
                project,
                $"The ModelBuild program failed with exit code {exitCode}: {report.Cause ?? "it printed nothing."} {Keep(report)}"
            );
        return exitCode == 0 && !_isCancelled && !report.HasErrors;
    }

    private void Watch(ProgramRun? run)
    {
        lock (_lock)
        {
            _run = run;
            if (_isCancelled)
                run?.Cancel();
        }
    }

    private void Say(ProgramLine line, bool isError)
    {
        var file = line.File.Length > 0 ? Paths.Absolute(Path.GetDirectoryName(project) ?? "", line.File) : project;
        if (line.Code is null)
            messages.Information(
                isError || stage == PhaseNames.Inspect ? MessageImportance.Low
                    : _areShown ? MessageImportance.Normal
                    : MessageImportance.High,
                line.Text
            );
        else if (line.IsError)
            messages.Problem(line.Code, file, line.Text);
        else
            messages.Warning(line.Code, file, line.Text);
    }

    // Writes the whole output to a file, because an error contains only one or two lines of it and a bug report may need the rest.
    private string Keep(ProgramReport report)
    {
        var path = Path.Combine(folder, stage + ".log");
        File.WriteAllText(path, report.Text);
        return $"(Its whole output is in '{path}'.)";
    }
}
