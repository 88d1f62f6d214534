using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Tests.Stages;

/// <summary>A build engine that records the messages of a task.</summary>
public sealed class RecordingEngine : IBuildEngine
{
    public ConcurrentQueue<BuildErrorEventArgs> Errors { get; } = new();

    public ConcurrentQueue<BuildWarningEventArgs> Warnings { get; } = new();

    public ConcurrentQueue<BuildMessageEventArgs> Messages { get; } = new();

    /// <summary>The projects that a task had built, and their targets.</summary>
    public ConcurrentQueue<(string Name, string Target)> Projects { get; } = new();

    /// <summary>Whether projects can be built.</summary>
    public bool CanBuild { get; set; }

    /// <summary>Called while a project is built.</summary>
    public Action Building { get; set; } = () => { };

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "test.proj";

    public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Enqueue(e);

    public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Enqueue(e);

    public void LogMessageEvent(BuildMessageEventArgs e) => Messages.Enqueue(e);

    public void LogCustomEvent(CustomBuildEventArgs e) { }

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs)
    {
        Projects.Enqueue((Path.GetFileNameWithoutExtension(projectFileName), targetNames[0]));
        Building();
        return CanBuild;
    }
}
