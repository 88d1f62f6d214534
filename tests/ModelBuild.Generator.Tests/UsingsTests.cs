using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>Which usings a project gets with its classes.</summary>
public sealed class UsingsTests
{
    private const string Runtime = "global using global::ModelBuild.Runtime;";

    [Theory]
    [InlineData("enable")]
    [InlineData("True")]
    public void Code_needs_no_using_of_its_own(string implicitUsings)
    {
        const string Source =
            "class Program { static string Run(System.ReadOnlySpan<float> x) { using var model = new DigitsModel(new ModelOptions { Threads = "
            + "1 }); return model.Provider; } }";
        var run = Run(Source, implicitUsings, LanguageVersion.CSharp10, new SignatureText());
        Assert.Equal(["global using global::App;", Runtime], Usings(run));
        Assert.Empty(Said(run));
    }

    [Theory]
    [InlineData("", LanguageVersion.Latest)]
    [InlineData("disable", LanguageVersion.Latest)]
    [InlineData("false", LanguageVersion.Latest)]
    [InlineData("enable", LanguageVersion.CSharp9)]
    public void A_project_that_does_not_want_them_or_cannot_have_them_gets_none(string implicitUsings, LanguageVersion version) =>
        Assert.Empty(Usings(Run("", implicitUsings, version, new SignatureText())));

    [Theory]
    [InlineData("App", "App", "App")]
    [InlineData("Shop.class", "Shop.class", "Shop.@class")]
    [InlineData("App", "Other", "App")]
    [InlineData("Other", "App", "App")]
    [InlineData("Other", "More", null)]
    [InlineData("", "", null)]
    [InlineData("", "App", "App")]
    public void The_namespace_of_all_classes_or_else_the_projects_own_is_used(string first, string second, string? used)
    {
        var run = Run(
            "",
            "enable",
            LanguageVersion.Latest,
            new SignatureText { Namespace = first },
            new SignatureText { Namespace = second, ClassName = "LettersModel" }
        );
        Assert.Equal(used is null ? [Runtime] : [$"global using global::{used};", Runtime], Usings(run));
        Assert.Empty(Said(run));
    }

    [Fact]
    public void Code_may_say_the_same_itself()
    {
        var run = Run(
            "global using App; global using ModelBuild.Runtime; class Program { DigitsModel? model; public override string ToString() => "
                + "model!.Provider; Program(DigitsModel x) => model = x; }",
            "enable",
            LanguageVersion.Latest,
            new SignatureText()
        );
        Assert.Empty(Said(run));
    }

    [Fact]
    public void Without_a_class_there_is_none()
    {
        var files = new[] { GeneratorRun.File("/obj/DigitsModel.signature.json", new SignatureText().ToString()) };
        var driver = GeneratorRun.Driver(LanguageVersion.Latest, files, implicitUsings: "enable");
        var withoutReferences = GeneratorRun.Compile("", LanguageVersion.Latest, []);
        Assert.Empty(driver.RunGenerators(withoutReferences, TestContext.Current.CancellationToken).GetRunResult().GeneratedTrees);
    }

    private static Compilation Run(string source, string implicitUsings, LanguageVersion version, params SignatureText[] signatures)
    {
        var files = signatures.Select(signature => GeneratorRun.File($"/obj/{signature.ClassName}.signature.json", signature.ToString())).ToArray();
        GeneratorRun
            .Driver(version, files, implicitUsings: implicitUsings)
            .RunGeneratorsAndUpdateCompilation(GeneratorRun.Compile(source, version), out var compilation, out _, TestContext.Current.CancellationToken);
        return compilation;
    }

    private static IEnumerable<string> Usings(Compilation compilation) =>
        compilation
            .SyntaxTrees.Where(tree => tree.FilePath.EndsWith("GlobalUsings.g.cs", StringComparison.Ordinal))
            .SelectMany(tree => tree.ToString().Split('\n'))
            .Where(line => line.StartsWith("global using", StringComparison.Ordinal));

    private static IEnumerable<string> Said(Compilation compilation) =>
        compilation
            .GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString());
}
