using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Projects;

/// <summary>Reads <see cref="ProjectFacts"/> from the compilation.</summary>
internal static class ProjectReader
{
    public static ProjectFacts Read(Compilation compilation, AnalyzerConfigOptions options)
    {
        var version = (compilation as CSharpCompilation)?.LanguageVersion ?? LanguageVersion.Default;
        return new ProjectFacts(
            Property(options, "ProjectDir"),
            !Has(compilation, "ModelBuild.Runtime.ModelHost") ? "ModelBuild.Runtime, which needs net8.0 or newer"
                : !Has(compilation, "Microsoft.ML.OnnxRuntime.InferenceSession") ? "the package Microsoft.ML.OnnxRuntime"
                : null,
            version.ToDisplayString(),
            version >= LanguageVersion.CSharp8,
            version >= LanguageVersion.CSharp11,
            version >= LanguageVersion.CSharp10 && Property(options, "ModelBuildImplicitUsings").ToLowerInvariant() is "enable" or "true",
            Has(compilation, TextTypes.Marker),
            Property(options, "ModelBuildNamespace") is { Length: > 0 } space ? space : Property(options, "RootNamespace")
        );
    }

    private static string Property(AnalyzerConfigOptions options, string name) => options.TryGetValue("build_property." + name, out var value) ? value : "";

    // Returns whether the project references a type. If several references define the type, GetTypeByMetadataName returns null, so all types of the name are
    // counted.
    private static bool Has(Compilation compilation, string type) => !compilation.GetTypesByMetadataName(type).IsEmpty;
}
