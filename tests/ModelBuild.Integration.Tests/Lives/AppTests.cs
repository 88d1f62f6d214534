namespace ModelBuild.Integration.Tests.Lives;

public sealed class AppTests(AppLife life) : IClassFixture<AppLife>
{
    [Fact]
    public void An_editor_gets_the_signature_with_an_empty_obj_and_nothing_slow()
    {
        Assert.Equal((1, 0), (life.DesignTime.Starts("inspect"), life.DesignTime.Starts("compress")));
        Assert.Contains(
            "/additionalfile:obj/Debug/net10.0/modelbuild/DigitsModel.signature.json",
            life.DesignTime.Output.Replace(life.Folder["App/"], "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Empty(life.DesignTime.Codes);
    }

    [Fact]
    public void An_editor_sees_a_changed_model_and_still_does_nothing_slow() =>
        Assert.Equal((1, 0), (life.DesignTimeAfterChange.Starts("inspect"), life.DesignTimeAfterChange.Starts("compress")));

    [Fact]
    public void Visual_Studio_compares_what_changes_with_every_run()
    {
        Assert.Contains("\"Set\": \"ModelBuild.DigitsModel\"", life.DesignTimeAfterChange.Output, StringComparison.Ordinal);
        Assert.Contains("DigitsModel.compress.state", life.DesignTimeAfterChange.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_build_compresses_and_the_application_predicts()
    {
        Assert.Empty(life.First.Codes);
        Assert.Contains("Debug/net10.0/models/App/DigitsModel.onnx", life.Output);
        Assert.Matches(@"^rows 2 best \d$", life.Printed);
        Assert.True(new FileInfo(life.Folder["published/models/App/DigitsModel.onnx"]).Length < new FileInfo(life.Folder["App/Models/digits.onnx"]).Length);
    }

    [Fact]
    public void A_compressed_model_is_one_line()
    {
        Assert.Contains(" dB", Assert.Single(life.First.Lines), StringComparison.Ordinal);
        Assert.Empty(life.Again.Lines);
    }

    [Fact]
    public void The_original_is_not_shipped_as_well() =>
        Assert.DoesNotContain(life.Output.Concat(life.Published), file => file.EndsWith("digits.onnx", StringComparison.Ordinal));

    [Fact]
    public void A_second_build_starts_neither_the_program_nor_the_compiler()
    {
        Assert.Equal((0, 0), (life.Again.Starts("inspect"), life.Again.Starts("compress")));
        Assert.False(life.Again.Compiled);
    }

    [Fact]
    public void Outputs_survive_a_build_that_skipped_them() =>
        Assert.DoesNotContain(life.Again.Texts, text => text.StartsWith("Deleting file", StringComparison.Ordinal));

    [Fact]
    public void A_touched_model_is_a_cache_hit_and_nothing_is_rewritten()
    {
        Assert.Equal(1, life.Touched.Starts("compress"));
        Assert.False(life.TouchRewroteModel);
        Assert.False(life.Touched.Compiled);
    }

    [Fact]
    public void A_changed_budget_compresses_again_and_does_not_compile()
    {
        Assert.Equal((0, 1), (life.OptionChanged.Starts("inspect"), life.OptionChanged.Starts("compress")));
        Assert.False(life.OptionChanged.Compiled);
    }

    [Fact]
    public void A_changed_access_compiles_again()
    {
        Assert.Equal(1, life.SignatureOptionChanged.Starts("inspect"));
        Assert.True(life.SignatureOptionChanged.Compiled);
    }

    [Fact]
    public void Other_content_under_the_old_time_is_seen()
    {
        Assert.Equal(1, life.SameTimeOtherContent.Starts("compress"));
        Assert.True(life.ContentChangedModel);
    }

    [Fact]
    public void Rebuild_makes_each_model_once() => Assert.Equal((1, 1), (life.Rebuilt.Starts("inspect"), life.Rebuilt.Starts("compress")));

    [Fact]
    public void Publish_without_build_takes_what_is_there_or_says_that_it_is_missing()
    {
        Assert.Equal(0, life.PublishedWithoutBuild.Starts("compress"));
        Assert.Contains("models/App/DigitsModel.onnx", life.Published);
        Assert.NotEqual(0, life.PublishedAfterClean.ExitCode);
        Assert.Equal("MB1010", life.PublishedAfterClean.Errors[0].Code);
        Assert.Equal(0, life.PublishedAfterClean.Starts("compress"));
    }

    [Fact]
    public void Clean_leaves_nothing() => Assert.Empty(life.LeftByClean);
}
