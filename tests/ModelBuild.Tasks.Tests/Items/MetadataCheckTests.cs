using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Tests.Items;

/// <summary>Metadata of items that nobody reads.</summary>
public sealed class MetadataCheckTests : IDisposable
{
    private readonly TemporaryProject _project = new("digits.onnx", "other.onnx", "../linked.onnx");
    private readonly TaskItem _defaults = new("defaults", new Dictionary<string, string> { ["AssemblyName"] = "App", ["OutputType"] = "Exe" });

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("Compresion", "Did you mean 'Compression'?")]
    [InlineData("compression_", "Did you mean 'Compression'?")]
    [InlineData("CalibrationFiles", "Did you mean 'CalibrationData'?")]
    [InlineData("Calibration", "Did you mean 'CalibrationData'?")]
    [InlineData("MaxAccuracyLos", "Did you mean 'MaxAccuracyLoss'?")]
    [InlineData("Sqnr", "Did you mean 'MinSqnr'?")]
    [InlineData("Provider", "Did you mean 'Providers'?")]
    [InlineData("Name", "Did you mean 'Names'?")]
    [InlineData("Target", "Set the property ModelBuildTarget, which applies to all models of the project.")]
    [InlineData("Quantize", "The metadata of OnnxModel items are: Compression, Recipe, ")]
    public void A_name_that_is_unknown_is_a_warning_with_the_nearest(string name, string remedy)
    {
        var problem = Assert.Single(Problems(TemporaryProject.Item("digits.onnx", (name, "x"))));

        Assert.Equal(("MB1035", _project.File, ProblemLevel.Warning), (problem.Code, problem.File, problem.Level));
        Assert.StartsWith($"The metadata {name}=\"x\" of 'digits.onnx' is unknown and has no effect. {remedy}", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_name_is_told_once()
    {
        var problems = Problems(
            TemporaryProject.Item("digits.onnx", ("Compresion", "int8"), ("Minsqnr", "40")),
            TemporaryProject.Item("other.onnx", ("compresion", "none"), ("Labls", "a.txt"))
        );

        Assert.Equal(["Compresion", "Labls"], problems.Select(problem => problem.Text.Split(' ')[2].Split('=')[0]));
        Assert.EndsWith("Did you mean 'Compression'? (1 more item has it.)", problems[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Visible", "false")]
    [InlineData("Generator", "MSBuild:Compile")]
    [InlineData("LastGenOutput", "x")]
    [InlineData("DependentUpon", "App.cs")]
    [InlineData("SubType", "Designer")]
    [InlineData("ModelBuildDefaultItem", "true")]
    [InlineData("Pack", "true")]
    [InlineData("Pack", "false")]
    [InlineData("PackagePath", "content")]
    [InlineData("CopyToOutputDirectory", "PreserveNewest")]
    [InlineData("compression", "int8-weights")]
    [InlineData("Anything", " ")]
    public void What_editors_and_the_SDK_write_is_no_fault(string name, string value) =>
        Assert.Empty(Problems(TemporaryProject.Item("digits.onnx", (name, value))));

    [Fact]
    public void Each_knob_is_known()
    {
        var values = new Dictionary<string, string>
        {
            ["Providers"] = "cpu",
            ["Stages"] = "1",
            ["Preprocess"] = "graph",
            ["Deploy"] = "copy",
            ["Access"] = "public",
        };
        Assert.Empty(
            Problems(
                TemporaryProject.Item(
                    "digits.onnx",
                    [.. ItemMetadata.AllNames.Where(name => name != "CalibrationData").Select(name => (name, values.GetValueOrDefault(name, "x")))]
                )
            )
        );
    }

    [Theory]
    [InlineData("CopyToOutputDirectory", "Never", "copy", "is copied to 'models/App/DigitsModel.onnx'. Deploy=\"none\" excludes it.")]
    [InlineData("CopyToOutputDirectory", "Always", "embed", "Deploy is 'embed'. Deploy=\"copy\" copies the compressed model.")]
    [InlineData("CopyToOutputDirectory", "PreserveNewest", "none", "Deploy is 'none'.")]
    [InlineData("CopyToPublishDirectory", "Never", "copy", "Deploy=\"none\" excludes it.")]
    [InlineData(
        "TargetPath",
        "digits.onnx",
        "copy",
        "'models/App/DigitsModel.onnx', where the class finds it. DigitsModel.Load(path) loads a model from another path."
    )]
    [InlineData("LogicalName", "digits", "embed", "the compressed model is the resource 'models/App/DigitsModel.onnx'")]
    public void What_says_other_than_what_happens_is_a_warning(string name, string value, string deploy, string text)
    {
        var problem = Assert.Single(Problems(TemporaryProject.Item("digits.onnx", (name, value), ("Deploy", deploy))));

        Assert.Equal(("MB1035", ProblemLevel.Warning), (problem.Code, problem.Level));
        Assert.StartsWith($"{name}=\"{value}\" of 'digits.onnx' has no effect: ", problem.Text, StringComparison.Ordinal);
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pack", "false", "ModelBuildPackModels=false")]
    [InlineData("PackagePath", "content", "a package contains the compressed model as 'models/App/DigitsModel.onnx'")]
    public void A_librarys_package_is_made_otherwise(string name, string value, string text)
    {
        _defaults.SetMetadata("OutputType", "Library");
        Assert.Contains(text, Assert.Single(Problems(TemporaryProject.Item("digits.onnx", (name, value)))).Text, StringComparison.Ordinal);
        Assert.Empty(Problems(TemporaryProject.Item("digits.onnx", (name, value), ("Deploy", "embed"))));
    }

    [Theory]
    [InlineData("digits.onnx", 1)]
    [InlineData("../linked.onnx", 0)]
    public void A_link_places_what_lies_elsewhere_and_nothing_else(string path, int problems)
    {
        var found = Problems(TemporaryProject.Item(path, ("Link", "Models/digits.onnx")));
        Assert.Equal(problems, found.Count);
        Assert.All(found, problem => Assert.Equal(ProblemLevel.Note, problem.Level));
    }

    [Fact]
    public void An_adopted_item_may_say_what_its_own_kind_says()
    {
        (string, string)[] own = [("ModelBuildAdoptedItem", "true"), ("CopyToOutputDirectory", "Never"), ("TargetPath", "x.onnx"), ("MyTool", "x")];
        Assert.Empty(Problems(TemporaryProject.Item("../linked.onnx", own)));
        Assert.Contains(
            "'Compression'",
            Assert.Single(Problems(TemporaryProject.Item("../linked.onnx", [.. own, ("Compresson", "none")]))).Text,
            StringComparison.Ordinal
        );
    }

    private List<ModelProblem> Problems(params TaskItem[] items)
    {
        var resolver = new ModelResolver(_project.File, _project.Obj, _defaults);
        var requests = resolver.Resolve(items, withData: false);
        return [.. new MetadataCheck(_project.File, _defaults).Problems(items, requests)];
    }
}
