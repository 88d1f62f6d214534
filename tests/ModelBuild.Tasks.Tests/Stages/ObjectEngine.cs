using System.Collections;
using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Tests.Stages;

/// <summary>A build engine that keeps objects of tasks for the build.</summary>
public sealed class ObjectEngine : IBuildEngine4
{
    private readonly Dictionary<object, object> _objects = [];

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "test.proj";

    public bool IsRunningMultipleNodes => false;

    /// <summary>Ends the build, which disposes the objects.</summary>
    public void End()
    {
        foreach (var kept in _objects.Values.OfType<IDisposable>())
            kept.Dispose();
    }

    public void RegisterTaskObject(object key, object obj, RegisteredTaskObjectLifetime lifetime, bool allowEarlyCollection) => _objects.Add(key, obj);

    public object? GetRegisteredTaskObject(object key, RegisteredTaskObjectLifetime lifetime) => _objects.GetValueOrDefault(key);

    public object? UnregisterTaskObject(object key, RegisteredTaskObjectLifetime lifetime) => throw new NotSupportedException();

    public void LogErrorEvent(BuildErrorEventArgs e) { }

    public void LogWarningEvent(BuildWarningEventArgs e) { }

    public void LogMessageEvent(BuildMessageEventArgs e) { }

    public void LogCustomEvent(CustomBuildEventArgs e) { }

    public void Yield() { }

    public void Reacquire() { }

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) => false;

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs, string toolsVersion) =>
        false;

    public bool BuildProjectFilesInParallel(
        string[] projectFileNames,
        string[] targetNames,
        IDictionary[] globalProperties,
        IDictionary[] targetOutputsPerProject,
        string[] toolsVersion,
        bool useResultsCache,
        bool unloadProjectsOnCompletion
    ) => false;

    public BuildEngineResult BuildProjectFilesInParallel(
        string[] projectFileNames,
        string[] targetNames,
        IDictionary[] globalProperties,
        IList<string>[] removeGlobalProperties,
        string[] toolsVersion,
        bool returnTargetOutputs
    ) => new(false, []);
}
