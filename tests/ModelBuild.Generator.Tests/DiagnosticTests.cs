using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>Tests the diagnostics of the generator: code, location and text.</summary>
public sealed class DiagnosticTests
{
    private const string Path = "/obj/DigitsModel.signature.json";

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("[]", "the schema is missing")]
    [InlineData("{ \"className\": \"DigitsModel\" }", "the schema is missing")]
    [InlineData("{ \"schema\": 2, \"className\": \"DigitsModel\" }", "it has schema 2, and this version of ModelBuild reads schema 1")]
    [InlineData("{ \"schema\": 1, \"className\": \"Digits Model\" }", "'Digits Model' is not a class name")]
    [InlineData("{ \"schema\": 1, \"className\": \"Session\" }", "the class name 'Session' is that of a member of every model class")]
    [InlineData("{ \"schema\": 1, \"className\": \"A\" }", "the options are missing")]
    [InlineData("{ \"schema\": 1, \"className\": \"A\", \"options\": { \"Namespace\": \"B..C\" } }", "'B..C' is not a namespace")]
    [InlineData(
        "{ \"schema\": 1, \"className\": \"A\", \"options\": {}, \"inputs\": [ { \"name\": \"x\", \"shape\": [ { \"size\": -4 } ] } ] }",
        "the size -4 of a dimension is not valid"
    )]
    [InlineData(
        "{ \"schema\": 1, \"className\": \"A\", \"options\": {}, \"outputs\": [ { \"name\": \"x\", \"member\": \"a b\" } ] }",
        "'a b' is not a name of a member"
    )]
    [InlineData("{ \"schema\": \"one\", \"className\": \"A\" }", "")]
    public void MB2001_a_signature_that_cannot_be_read(string text, string reason)
    {
        var result = Run([GeneratorRun.File(Path, text)]);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(("MB2001", DiagnosticSeverity.Error), (diagnostic.Id, diagnostic.DefaultSeverity));
        Assert.Contains(
            "The signature 'DigitsModel.signature.json' cannot be read: " + reason,
            diagnostic.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
        Assert.Equal(Path, diagnostic.Location.GetLineSpan().Path);
        Assert.Empty(result.GeneratedTrees);
    }

    [Fact]
    public void MB2001_a_signature_that_is_not_there()
    {
        var diagnostic = Assert.Single(Run([GeneratorRun.File(Path, null)]).Diagnostics);
        Assert.Contains("the file cannot be opened", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void MB2002_a_reference_is_missing()
    {
        var without = GeneratorRun.Of("", LanguageVersion.Latest, [GeneratorRun.Runtime], new SignatureText());
        Says(without, "MB2002", DiagnosticSeverity.Warning, "because the project does not reference the package Microsoft.ML.OnnxRuntime");
        Assert.Empty(without.Result.GeneratedTrees);
        Says(
            GeneratorRun.Of("", LanguageVersion.Latest, [GeneratorRun.OnnxRuntime], new SignatureText()),
            "MB2002",
            DiagnosticSeverity.Warning,
            "does not reference ModelBuild.Runtime, which needs net8.0 or newer"
        );
    }

    [Fact]
    public void MB2003_two_models_of_one_name()
    {
        var run = GeneratorRun.Of(
            new SignatureText { Model = "a/digits.onnx" },
            new SignatureText { Model = "b/digits.onnx", Namespace = "Other" },
            new SignatureText { Model = "letters.onnx", ClassName = "LettersModel" }
        );
        Says(run, "MB2003", DiagnosticSeverity.Error, "The models 'a/digits.onnx' and 'b/digits.onnx' would both get the class 'Other.DigitsModel'");
        Assert.Equal(2, run.Result.GeneratedTrees.Length);
        run.MustCompile();
    }

    [Fact]
    public void MB2004_a_name_that_is_hard_to_find_again()
    {
        var run = GeneratorRun.Of(new SignatureText { Inputs = ["input:0: float32[n]", "pixel_values: float32[n]"], Outputs = ["Dispose: float32[n]"] });
        Assert.Equal(["MB2004", "MB2004"], run.DiagnosticIds);
        Assert.Equal(
            [
                "Tensor 'input:0' of the model 'Models/digits.onnx' is named 'Input0' in C#",
                "Tensor 'Dispose' of the model 'Models/digits.onnx' is named 'DisposeTensor' in C#",
            ],
            run.Result.Diagnostics.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture))
        );
        Assert.All(run.Result.Diagnostics, diagnostic => Assert.Equal(DiagnosticSeverity.Info, diagnostic.DefaultSeverity));
    }

    [Fact]
    public void MB2004_is_not_for_names_that_the_project_chose() =>
        Assert.Empty(GeneratorRun.Of(new SignatureText { Inputs = ["input:0: float32[n]"], Names = ["input:0=Pixels"] }).DiagnosticIds);

    [Theory]
    [InlineData("image=run", "image", "Run")]
    [InlineData("logits=Session", "logits", "Session")]
    [InlineData("height=Labels", "height", "Labels")]
    public void MB2008_a_chosen_name_that_every_class_has(string name, string raw, string member) =>
        Says(
            GeneratorRun.Of(new SignatureText { Inputs = ["image: float32[batch, height]"], Names = [name] }),
            "MB2008",
            DiagnosticSeverity.Error,
            $"Names sets the name '{member}' for '{raw}' of the model 'Models/digits.onnx', but every model class has a member of this name; "
                + $"choose another name"
        );

    [Fact]
    public void MB2005_tensors_without_a_member_once_for_a_model()
    {
        Says(
            GeneratorRun.Of(new SignatureText { Outputs = ["y: float32[n]", "parts: sparse_tensor(float)", "codes: int4[n]"] }),
            "MB2005",
            DiagnosticSeverity.Warning,
            "Output 'parts' of the model 'Models/digits.onnx' has the type sparse_tensor(float), which has no typed member (and there are 1 "
                + "more such tensors); use the property Session to access it"
        );
        Says(
            GeneratorRun.Of(new SignatureText { Inputs = ["x: float8e5m2[n]"] }),
            "MB2005",
            DiagnosticSeverity.Warning,
            "Input 'x' of the model 'Models/digits.onnx' has the type float8e5m2[n], which has no typed member, so that the class has no Run; "
                + "use the property Session to access it"
        );
    }

    [Fact]
    public void MB2006_a_language_version_without_nullable()
    {
        var run = GeneratorRun.Of("", LanguageVersion.CSharp7_3, null, new SignatureText());
        Says(run, "MB2006", DiagnosticSeverity.Error, "needs C# 8 or newer, and the project is compiled as C# 7.3");
        Assert.Empty(run.Result.GeneratedTrees);
    }

    [Fact]
    public void A_signature_whose_mark_got_lost_is_recognised()
    {
        var result = Run([GeneratorRun.File("/obj/a[1]=b/DigitsModel.signature.json", new SignatureText().ToString())], marked: false);
        Assert.Empty(result.Diagnostics);
        Assert.Single(result.GeneratedTrees);
    }

    [Fact]
    public void A_file_that_is_given_twice_is_one()
    {
        var file = GeneratorRun.File(Path, new SignatureText().ToString());
        var result = Run([file, GeneratorRun.File(Path, new SignatureText().ToString())]);
        Assert.Empty(result.Diagnostics);
        Assert.Single(result.GeneratedTrees);
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        var result = Run(
            [GeneratorRun.File("/src/letter.signature.json", "{ \"signed\": true"), GeneratorRun.File("/src/appsettings.json", new SignatureText().ToString())],
            marked: false
        );
        Assert.Empty(result.Diagnostics);
        Assert.Empty(result.GeneratedTrees);
    }

    private static GeneratorDriverRunResult Run(IReadOnlyList<AdditionalText> files, bool marked = true) =>
        GeneratorRun
            .Driver(LanguageVersion.Latest, files, marked)
            .RunGenerators(GeneratorRun.Compile("", LanguageVersion.Latest), TestContext.Current.CancellationToken)
            .GetRunResult();

    private static void Says(GeneratorRun run, string id, DiagnosticSeverity severity, string words)
    {
        var diagnostic = Assert.Single(run.Result.Diagnostics);
        Assert.Equal((id, severity), (diagnostic.Id, diagnostic.DefaultSeverity));
        Assert.Contains(words, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.StartsWith("/src/", diagnostic.Location.GetLineSpan().Path, StringComparison.Ordinal);
        Assert.EndsWith(".onnx", diagnostic.Location.GetLineSpan().Path, StringComparison.Ordinal);
    }
}
