using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Tests.Items;

/// <summary>Models that reach the application twice.</summary>
public sealed class DeploymentCheckTests : IDisposable
{
    private readonly TemporaryProject _project = new("digits.onnx", "other.onnx", "../linked.onnx");

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(
        "None",
        "CopyToOutputDirectory",
        "PreserveNewest",
        "the None item 'digits.onnx' copies the original (CopyToOutputDirectory=\"PreserveNewest\")"
    )]
    [InlineData("None", "CopyToOutputDirectory", "always", "copies the original")]
    [InlineData("None", "CopyToPublishDirectory", "IfDifferent", "copies the original (CopyToPublishDirectory=\"IfDifferent\")")]
    [InlineData("Content", "CopyToOutputDirectory", "Always", "the Content item 'digits.onnx' copies the original")]
    [InlineData("None", "Pack", "True", "packs the original")]
    [InlineData("EmbeddedResource", "LogicalName", "digits", "the EmbeddedResource item 'digits.onnx' embeds the original in the application")]
    [InlineData("AvaloniaResource", "Link", "x", "embeds the original in the application")]
    public void An_original_that_is_deployed_as_well_is_a_warning(string type, string name, string value, string text)
    {
        var problem = Assert.Single(Originals(TemporaryProject.Item("digits.onnx", ("ModelBuildItemType", type), (name, value))));

        Assert.Equal(("MB1036", Path.Combine(_project.Folder, "digits.onnx"), ProblemLevel.Warning), (problem.Code, problem.File, problem.Level));
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
        Assert.Contains($"DigitsModel loads the compressed 'models/App/DigitsModel.onnx'. Remove the {type} item", problem.Text, StringComparison.Ordinal);
        Assert.Contains(
            "Deploy=\"none\" on the OnnxModel item; <OnnxModel Remove=\"digits.onnx\" /> also removes the class.",
            problem.Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("None", "CopyToOutputDirectory", "Never")]
    [InlineData("None", "Link", "x.onnx")]
    [InlineData("Content", "Visible", "true")]
    [InlineData("Content", "Pack", "false")]
    public void An_original_that_stays_is_none(string type, string name, string value) =>
        Assert.Empty(Originals(TemporaryProject.Item("digits.onnx", ("ModelBuildItemType", type), (name, value))));

    [Fact]
    public void One_that_is_no_model_or_is_not_deployed_is_none()
    {
        (string, string)[] copied = [("ModelBuildItemType", "None"), ("CopyToOutputDirectory", "Always")];
        Assert.Empty(Originals(TemporaryProject.Item("other.onnx", copied)));
        Assert.Empty(Originals(TemporaryProject.Item("digits.onnx", [.. copied, ("ModelBuildPackaged", "true")])));
        Assert.Empty(Check.Originals([TemporaryProject.Item("digits.onnx", copied)], Requests(TemporaryProject.Item("digits.onnx", ("Deploy", "none")))));
    }

    [Fact]
    public void For_a_link_the_search_is_what_gives_the_class()
    {
        var item = TemporaryProject.Item("../linked.onnx", ("ModelBuildItemType", "None"), ("CopyToOutputDirectory", "Always"), ("Link", "linked.onnx"));
        var problem = Assert.Single(Check.Originals([item], Requests(item)));
        Assert.EndsWith("; the property EnableDefaultOnnxModelItems=false also removes the class.", problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Link", "models/app/digitsmodel.onnx")]
    [InlineData("TargetPath", "models\\App\\DigitsModel.onnx")]
    public void A_file_in_the_place_of_a_compressed_model_is_an_error(string name, string path)
    {
        var problem = Assert.Single(
            Originals(TemporaryProject.Item("other.onnx", ("ModelBuildItemType", "None"), ("CopyToOutputDirectory", "Always"), (name, path)))
        );

        Assert.Equal(("MB1006", ProblemLevel.Error), (problem.Code, problem.Level));
        Assert.Contains("which is the path of the compressed model of DigitsModel.", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_model_with_the_same_options_under_two_names_is_told()
    {
        var problem = Assert.Single(
            DeploymentCheck.Twins(
                Requests(
                    TemporaryProject.Item("digits.onnx", ("ClassName", "A")),
                    TemporaryProject.Item("digits.onnx", ("ClassName", "B"), ("Access", "public")),
                    TemporaryProject.Item("other.onnx")
                )
            )
        );

        Assert.Equal(("MB1036", ProblemLevel.Note), (problem.Code, problem.Level));
        Assert.StartsWith(
            "The model is deployed twice with the same options, as 'models/App/A.onnx' and 'models/App/B.onnx'.",
            problem.Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Compression", "none")]
    [InlineData("MinSqnr", "40")]
    [InlineData("Providers", "cuda;cpu")]
    [InlineData("Stages", "2")]
    [InlineData("Deploy", "embed")]
    [InlineData("Deploy", "none")]
    public void Two_names_for_other_options_are_meant(string name, string value) =>
        Assert.Empty(
            DeploymentCheck.Twins(
                Requests(TemporaryProject.Item("digits.onnx", ("ClassName", "A")), TemporaryProject.Item("digits.onnx", ("ClassName", "B"), (name, value)))
            )
        );

    private DeploymentCheck Check => new(_project.File);

    private IEnumerable<ModelProblem> Originals(TaskItem item) => Check.Originals([item], Requests(TemporaryProject.Item("digits.onnx")));

    private IReadOnlyList<ModelRequest> Requests(params TaskItem[] items) =>
        new ModelResolver(_project.File, _project.Obj, new TaskItem("defaults", new Dictionary<string, string> { ["AssemblyName"] = "App" })).Resolve(
            items,
            withData: true
        );
}
