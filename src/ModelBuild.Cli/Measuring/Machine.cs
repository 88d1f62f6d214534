using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Measuring;

/// <summary>Describes this machine.</summary>
internal static class Machine
{
    /// <summary>Returns the facts for runs with an execution provider.</summary>
    public static MachineFacts Describe(string provider) =>
        new(Sessions.RuntimeVersion(), provider, Environment.ProcessorCount, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
}
