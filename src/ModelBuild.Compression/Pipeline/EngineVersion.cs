using System.Reflection;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The version of ModelBuild that receipts and cache keys contain.</summary>
internal static class EngineVersion
{
    /// <summary>The text of the version, such as <c>0.1.0</c>, without the source revision.</summary>
    public static string Text { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
