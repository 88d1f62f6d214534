using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModelBuild.Generator.Projects;

/// <summary>Reads the facts from the compilation.</summary>
internal static class ProjectReader
{
    public static ProjectFacts Read(Compilation compilation, AnalyzerConfigOptions options)
    {
        options.TryGetValue("build_property.ProjectDir", out var folder);
        var version = (compilation as CSharpCompilation)?.LanguageVersion ?? LanguageVersion.Default;
        return new ProjectFacts(
            folder ?? "",
            !Has(compilation, "ModelBuild.Runtime.ModelHost") ? "ModelBuild.Runtime, which needs net10.0 or newer"
            : !Has(compilation, "Microsoft.ML.OnnxRuntime.InferenceSession") ? "the package Microsoft.ML.OnnxRuntime"
            : null,
            version.ToDisplayString(),
            version >= LanguageVersion.CSharp8,
            version >= LanguageVersion.CSharp11);
    }

    // A type that two references define is there all the same.
    private static bool Has(Compilation compilation, string type) => !compilation.GetTypesByMetadataName(type).IsEmpty;
}
