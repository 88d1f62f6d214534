namespace ModelBuild.Integration.Tests.Lives;

public sealed class ItemsTests(ItemsLife life) : IClassFixture<ItemsLife>
{
    [Fact]
    public void Odd_names_give_classes_that_load()
    {
        foreach (var name in ItemsLife.OddNames.Values)
        {
            Assert.Contains($"models/Lib/{name}.onnx", life.Output);
            Assert.Contains($"{name} loads", life.Printed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_strictest_settings_have_nothing_to_say_of_generated_code() => Assert.Empty(life.First.Codes);

    [Fact]
    public void Copies_in_bin_and_obj_hidden_folders_and_what_a_site_serves_are_no_models() =>
        Assert.DoesNotContain(life.Models, model => model.Contains("copy", StringComparison.Ordinal) || model.Contains("served", StringComparison.Ordinal));

    [Fact]
    public void A_linked_file_from_outside_is_adopted()
    {
        Assert.Contains("LinkedModel loads", life.Printed, StringComparison.Ordinal);
        Assert.DoesNotContain("linked.onnx", life.Output);
    }

    [Fact]
    public void Two_files_of_one_name_live_together_under_two_class_names()
    {
        Assert.Contains("models/Lib/SameModel.onnx", life.Output);
        Assert.Contains("models/Lib/OtherSame.onnx", life.Output);
    }

    [Fact]
    public void A_long_path_is_a_path() => Assert.Contains("DeepModel loads", life.Printed, StringComparison.Ordinal);

    [Fact]
    public void A_link_is_followed() => Assert.Contains("SymlinkModel loads", life.Printed, StringComparison.Ordinal);

    [Fact]
    public void Content_is_compressed_and_the_original_not_shipped()
    {
        Assert.Contains("ContentModel loads", life.Printed, StringComparison.Ordinal);
        Assert.DoesNotContain(life.Output, file => file.EndsWith("content.onnx", StringComparison.Ordinal));
    }

    [Fact]
    public void Default_items_can_be_turned_off()
    {
        Assert.Equal(["Models/twice.onnx", "Models/twice.onnx"], life.WithoutDefaultModels);
        Assert.Equal(["Models/twice.onnx", "Models/twice.onnx"], life.WithoutDefaultItems);
    }

    [Fact]
    public void What_the_project_writes_takes_the_place_of_what_the_glob_finds()
    {
        Assert.Contains("TwiceModel loads", life.Printed, StringComparison.Ordinal);
        Assert.Contains("Original loads", life.Printed, StringComparison.Ordinal);
        // The item without compression keeps the weights of the model.
        Assert.True(
            new FileInfo(life.Folder["App/bin/Debug/net10.0/models/Lib/Original.onnx"]).Length
                >= new FileInfo(life.Folder["App/bin/Debug/net10.0/models/Lib/P1XYModel.onnx"]).Length
        );
    }

    [Fact]
    public void An_embedded_model_is_in_the_assembly_and_no_file()
    {
        Assert.Contains("EmbeddedPlModel loads", life.Printed, StringComparison.Ordinal);
        Assert.DoesNotContain("models/Lib/EmbeddedPlModel.onnx", life.Output);
        Assert.DoesNotContain(life.Output, file => file.StartsWith("pl/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_is_not_deployed_is_brought_by_the_application() =>
        Assert.Contains("NowhereModel FileNotFoundException", life.Printed, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_removed_from_the_items_is_left_alone() => Assert.DoesNotContain("left/alone.onnx", life.Models);

    [Fact]
    public void Nothing_happens_twice_to_any_of_them()
    {
        Assert.Equal((0, 0), (life.Again.Starts("inspect"), life.Again.Starts("compress")));
        Assert.False(life.Again.Compiled);
    }
}
