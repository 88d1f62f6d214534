using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Terminal;

/// <summary>Runs as long as one part of the work on a model does, so that a terminal shows the name of its target for that time.</summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildProgressStep : ProgressTask
{
    /// <summary>The line of the progress file that tells of the part.</summary>
    [Required]
    public string Line { get; set; } = "";

    private protected override void Follow(ProgressWatch watch) => watch.Next(Line);
}
