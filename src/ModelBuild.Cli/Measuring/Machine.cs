using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Measuring;

/// <summary>Describes this machine, for the results of measurements.</summary>
internal static class Machine
{
    /// <summary>Returns the facts about this machine for runs with an execution provider.</summary>
    public static MachineFacts Describe(string provider) =>
        new(Sessions.RuntimeVersion(), provider, Environment.ProcessorCount, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
}
