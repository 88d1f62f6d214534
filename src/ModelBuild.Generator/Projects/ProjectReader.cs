using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ModelBuild.Generator.Projects;

/// <summary>Reads the facts from the compilation.</summary>
internal static class ProjectReader
{
    public static ProjectFacts Read(Compilation compilation)
    {
        var version = (compilation as CSharpCompilation)?.LanguageVersion ?? LanguageVersion.Default;
        return new ProjectFacts(
            !Has(compilation, "ModelBuild.Runtime.ModelHost") ? "ModelBuild.Runtime, which needs net10.0 or newer"
            : !Has(compilation, "Microsoft.ML.OnnxRuntime.InferenceSession") ? "the package Microsoft.ML.OnnxRuntime"
            : null,
            version.ToDisplayString(),
            version >= LanguageVersion.CSharp8);
    }

    // A type that two references define is there all the same.
    private static bool Has(Compilation compilation, string type) => !compilation.GetTypesByMetadataName(type).IsEmpty;
}
