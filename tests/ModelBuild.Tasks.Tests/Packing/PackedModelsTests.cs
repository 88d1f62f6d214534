using System.Xml.Linq;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Packing;

namespace ModelBuild.Tasks.Tests.Packing;

public sealed class PackedModelsTests
{
    [Fact]
    public void The_targets_copy_each_model_to_its_place()
    {
        var targets = XDocument.Parse(PackedModels.Targets(["models/A&B/x@1.onnx", "models/A&B/x@1.onnx.data"]));
        Assert.Equal(["models/A&B/x%401.onnx", "models/A&B/x%401.onnx.data"], targets.Descendants("None").Select(item => item.Attribute("Link")!.Value));
    }

    [Theory]
    [InlineData("buildTransitive/", "my/Lib.targets", true)]
    [InlineData("build\\Lib.targets", "other.targets", true)]
    [InlineData("build/", "Lib.props", false)]
    [InlineData("", "Lib.targets", false)]
    [InlineData("tools;buildTransitive", "lib.targets", true)]
    public void Targets_of_the_projects_own_are_found(string packagePath, string file, bool isOwn)
    {
        var item = new TaskItem(file, new Dictionary<string, string> { ["PackagePath"] = packagePath });
        Assert.Equal(isOwn, PackedModels.OwnTargets([item], "Lib") is not null);
    }
}
