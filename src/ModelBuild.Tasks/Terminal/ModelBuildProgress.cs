using System.Globalization;
using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Terminal;

/// <summary>
/// Shows the progress of one model in MSBuild's terminal logger. The logger shows projects and their targets, so the task builds a project with the name of the
/// model, and one target for each part of the work (<see cref="ModelBuildProgressStep"/>). The result is shown as the output message of the project.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildProgress : ProgressTask
{
    /// <summary>Gets or sets the model's class name.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>Gets or sets the path of the report as the message shows it.</summary>
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

    // Builds a project that shows a part of the work. Each project has another path, because MSBuild reads a project file only once in a build.
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
