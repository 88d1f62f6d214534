using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>The generator works only when a signature changed: an editor runs it at every key.</summary>
public sealed class CachingTests
{
    private const string First = "/obj/DigitsModel.signature.json";
    private const string Second = "/obj/LettersModel.signature.json";

    private static readonly string[] Stages =
    [
        TrackingNames.Signatures,
        TrackingNames.Project,
        TrackingNames.Duplicates,
        TrackingNames.Classes,
        TrackingNames.Sources,
        TrackingNames.Usings,
        TrackingNames.Diagnostics,
    ];

    private static SignatureText Digits => new() { Inputs = ["input:0: float32[batch, 1, 28, 28]"] };

    [Fact]
    public void The_same_again_does_nothing()
    {
        var compilation = Compile();
        var driver = Driver(out _).RunGenerators(compilation, TestContext.Current.CancellationToken);
        AllReasons(
            driver.RunGenerators(compilation.Clone(), TestContext.Current.CancellationToken),
            IncrementalStepRunReason.Cached,
            IncrementalStepRunReason.Unchanged
        );
    }

    [Fact]
    public void An_edit_of_a_source_file_does_nothing()
    {
        var compilation = Compile();
        var driver = Driver(out _).RunGenerators(compilation, TestContext.Current.CancellationToken);
        var edited = compilation.ReplaceSyntaxTree(
            compilation.SyntaxTrees[0],
            CSharpSyntaxTree.ParseText(
                "class Edited { }",
                (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        AllReasons(driver.RunGenerators(edited, TestContext.Current.CancellationToken), IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged);
    }

    [Fact]
    public void A_file_that_says_the_same_in_other_words_writes_nothing()
    {
        GeneratorDriver driver = Driver(out var files).RunGenerators(Compile(), TestContext.Current.CancellationToken);
        driver = driver.ReplaceAdditionalText(files[0], GeneratorRun.File(First, Digits + "\n\n"));
        AllReasons(driver.RunGenerators(Compile(), TestContext.Current.CancellationToken), IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged);
    }

    [Fact]
    public void An_edit_of_a_signature_writes_its_class_and_no_other()
    {
        GeneratorDriver driver = Driver(out var files).RunGenerators(Compile(), TestContext.Current.CancellationToken);
        driver = driver.ReplaceAdditionalText(files[0], GeneratorRun.File(First, (Digits with { Outputs = ["probabilities: float32[batch, 10]"] }).ToString()));
        var result = driver.RunGenerators(Compile(), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        foreach (var stage in new[] { TrackingNames.Signatures, TrackingNames.Classes, TrackingNames.Sources })
        {
            var reasons = result.TrackedSteps[stage].SelectMany(step => step.Outputs).Select(output => output.Reason).ToArray();
            Assert.Equal(2, reasons.Length);
            Assert.Equal(IncrementalStepRunReason.Modified, reasons[0]);
            Assert.Contains(reasons[1], new[] { IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged });
        }
    }

    [Fact]
    public void No_stage_holds_on_to_a_compilation()
    {
        var result = Driver(out _).RunGenerators(Compile(), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var stage in Stages)
        foreach (var output in result.TrackedSteps[stage].SelectMany(step => step.Outputs))
            MustBePlain(output.Value, stage, seen);
    }

    private static void AllReasons(GeneratorDriver driver, params IncrementalStepRunReason[] allowed)
    {
        var result = driver.GetRunResult().Results.Single();
        foreach (var stage in Stages)
        {
            Assert.NotEmpty(result.TrackedSteps[stage]);
            Assert.All(result.TrackedSteps[stage].SelectMany(step => step.Outputs), output => Assert.Contains(output.Reason, allowed));
        }

        Assert.All(
            result.TrackedOutputSteps.SelectMany(steps => steps.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason)
        );
    }

    /// <summary>Walks everything that a stage's result refers to.</summary>
    private static void MustBePlain(object? value, string where, HashSet<object> seen)
    {
        if (value is null or string or Type or DiagnosticDescriptor || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(
            value is Compilation or ISymbol or SyntaxNode or SyntaxTree or Location or Diagnostic or AdditionalText or MetadataReference,
            $"{where} holds a {value.GetType().Name}"
        );
        if (value is IEnumerable items)
            foreach (var item in items)
                MustBePlain(item, where + "[]", seen);
        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            MustBePlain(field.GetValue(value), $"{where}.{field.Name}", seen);
    }

    private static CSharpCompilation Compile() => GeneratorRun.Compile("class App { }", LanguageVersion.Latest);

    private static CSharpGeneratorDriver Driver(out AdditionalText[] files)
    {
        files =
        [
            GeneratorRun.File(First, Digits.ToString()),
            GeneratorRun.File(
                Second,
                new SignatureText
                {
                    ClassName = "LettersModel",
                    Outputs = ["parts: seq(tensor(float))", "y: float32[n]"],
                    Inputs = ["x: float32[n]", "s: float32[n]"],
                    States = ["y=s"],
                }.ToString()
            ),
        ];
        return GeneratorRun.Driver(LanguageVersion.Latest, files, implicitUsings: "enable");
    }
}
