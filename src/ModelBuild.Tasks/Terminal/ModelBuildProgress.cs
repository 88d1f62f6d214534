using System.Globalization;
using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Terminal;

/// <summary>
/// Follows the work on one model in a project that has the model's name: each part of the work is a project and a target of its own (<see
/// cref="ModelBuildProgressStep"/>), and the end is the message by which a project says what it made. MSBuild's terminal logger shows both.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildProgress : ProgressTask
{
    /// <summary>The model's class name.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>The report's path as the message names it.</summary>
    [Required]
    public string Report { get; set; } = "";

    private protected override void Follow(ProgressWatch watch)
    {
        var line = "";
        for (var step = 1; (line = watch.Next(line))[0] != ProgressLines.End; step++)
            Show(line, step);
        if (line.Length > 1)
            Log.LogMessage(MessageImportance.High, "{0}", $"{Model} -> {line.Substring(1)}, {Report}");
    }

    // MSBuild reads a project file once in a build, so each has a path of its own.
    private void Show(string line, int step)
    {
        var folder = Path.Combine(Path.GetDirectoryName(File)!, step.ToString(CultureInfo.InvariantCulture));
        var project = ProgressProject.Write(
            Path.Combine(folder, Model + ".proj"),
            line,
            typeof(ModelBuildProgressStep),
            (nameof(ModelBuildProgressStep.File), File),
            (nameof(ModelBuildProgressStep.ProcessId), ProcessId.ToString(CultureInfo.InvariantCulture)),
            (nameof(ModelBuildProgressStep.Line), line)
        );
        BuildEngine.BuildProjectFile(project.Path, [project.Target], null, null);
    }
}
