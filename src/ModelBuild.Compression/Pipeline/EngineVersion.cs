using System.Reflection;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The version of ModelBuild, as receipts and cache keys carry it.</summary>
internal static class EngineVersion
{
    /// <summary>Such as <c>0.1.0</c>, without the source revision.</summary>
    public static string Text { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
