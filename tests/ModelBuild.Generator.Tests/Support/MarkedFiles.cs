using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModelBuild.Generator.Tests.Support;

/// <summary>The properties of the project, and the metadata that marks additional files as signatures.</summary>
internal sealed class MarkedFiles(bool marked, string implicitUsings) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(false, implicitUsings);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(marked, implicitUsings);

    private sealed class Options(bool marked, string implicitUsings) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key switch
            {
                "build_metadata.AdditionalFiles.ModelBuildSignature" when marked => "true",
                "build_property.ProjectDir" => "/src/",
                "build_property.RootNamespace" => "App",
                "build_property.ModelBuildImplicitUsings" => implicitUsings,
                _ => null,
            };
            return value is not null;
        }
    }
}
