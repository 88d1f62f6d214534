namespace ModelBuild.Integration.Tests.Lives;

public sealed class PackageTests(PackageLife life) : IClassFixture<PackageLife>
{
    [Fact]
    public void A_package_holds_each_model_once_for_all_target_frameworks()
    {
        Assert.Empty(life.Packed.Codes);
        Assert.Equal(
            ["buildTransitive/Lib.With.Models.targets", "models/Lib/DigitsModel.onnx", "models/Lib/Only10Model.onnx"],
            life.Entries.Where(entry =>
                    entry.StartsWith("build", StringComparison.Ordinal)
                    || entry.Contains("odel", StringComparison.Ordinal) && entry.EndsWith("onnx", StringComparison.Ordinal)
                )
                .Order()
        );
        Assert.DoesNotContain(life.Entries, entry => entry.StartsWith("content", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_for_one_target_framework_is_compressed_for_that_one() =>
        Assert.Equal((2, 2), (life.Packed.Starts("inspect"), life.Packed.Starts("compress")));

    [Fact]
    public void Packing_without_building_packs_what_is_there()
    {
        Assert.Empty(life.PackedAgain.Codes);
        Assert.Equal(0, life.PackedAgain.Starts("compress"));
    }

    [Fact]
    public void Targets_of_the_projects_own_are_not_overwritten_and_the_import_that_they_lack_is_named()
    {
        Assert.Equal(["MB1021"], life.PackedWithOwnTargets.Codes);
        Assert.Contains("buildTransitive/Lib.With.Models.ModelBuild.targets", life.PackedWithOwnTargets.Warnings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_differs_between_target_frameworks_is_an_error() => Assert.Equal(["MB1022"], life.PackedWithDifference.Codes);

    [Fact]
    public void Users_of_users_of_a_package_get_its_models()
    {
        Assert.Empty(life.Published.Codes);
        Assert.Contains("models/Lib/DigitsModel.onnx", life.Output);
        Assert.Equal("3", life.Printed);
    }
}
