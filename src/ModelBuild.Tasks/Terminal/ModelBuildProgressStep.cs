using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Terminal;

/// <summary>Runs until one part of the work on a model ends, so that a terminal shows the name of its target during that time.</summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildProgressStep : ProgressTask
{
    /// <summary>Gets or sets the line of the progress file that describes the part.</summary>
    [Required]
    public string Line { get; set; } = "";

    private protected override void Follow(ProgressWatch watch) => watch.Next(Line);
}
