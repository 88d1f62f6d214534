using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tests.Pages;

/// <summary>Tests that the next steps follow from the figures and that their lines can be copied.</summary>
public sealed class NextStepsTests
{
    [Fact]
    public void The_worst_layer_can_stay_in_float()
    {
        var step = Find(SampleReceipts.Full(), "Keep the worst layer in float");

        Assert.Equal(
            "<OnnxModel Include=\"Models//block1/conv.onnx\" Compression=\"optimize int8(exclude=/block1/conv)\" CalibrationData=\"Calibration/*.npz\" />",
            step.Line
        );
        Assert.Contains("its inputs are at 45.0 dB, and its output is at 28.5 dB", step.Why, StringComparison.Ordinal);
        Assert.Contains("134 kB more", step.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int8", "optimize int8(exclude=/block1/conv)")]
    [InlineData("int8(calibration=min-max)", "optimize int8(calibration=min-max, exclude=/block1/conv)")]
    [InlineData("int8(calibration=min-max, exclude=fc)", "optimize int8(calibration=min-max, exclude=/block1/conv|fc)")]
    public void An_exclusion_is_a_recipe(string step, string recipe)
    {
        var receipt = SampleReceipts.Full() with { Recipe = new RecipeFacts("auto", ["optimize", step]), Use = null };

        var line = Find(receipt, "Keep the worst layer in float").Line;

        Assert.Equal($"modelbuild compress Models//block1/conv.onnx --compression \"{recipe}\"", line);
        Assert.Equal(recipe, RecipeParser.Parse(recipe).ToString());
    }

    [Fact]
    public void Without_real_inputs_data_comes_first()
    {
        var receipt = SampleReceipts.Synthetic() with { Use = null };

        var step = NextSteps.Of(receipt)[0];

        Assert.Equal("Test it on real inputs", step.Title);
        Assert.EndsWith("--calibration-data \"Calibration/*.npz\"", step.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_samples_call_for_more()
    {
        var receipt = SampleReceipts.Full();
        receipt = receipt with { Verification = receipt.Verification! with { Fitted = 8, Judged = 8, Samples = 8 } };

        Assert.Equal("Give more samples", NextSteps.Of(receipt)[0].Title);
    }

    [Fact]
    public void Quantized_weights_can_be_trained() =>
        Assert.Contains(" fine-tune\"", Find(SampleReceipts.Full(), "Train the rounded weights").Line, StringComparison.Ordinal);

    [Fact]
    public void Stored_weights_can_be_rounded_by_their_effect()
    {
        var receipt = SampleReceipts.Full() with { Recipe = new RecipeFacts("int4", ["optimize", "int4"]), Use = null };

        Assert.Contains("\"optimize int4 gptq\"", Find(receipt, "Round the weights by their effect").Line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_is_only_smaller_can_become_faster() =>
        Assert.Contains(
            "Compression=\"int8\"",
            Find(SampleReceipts.Full() with { GainsOnDiskOnly = true }, "Make it faster, too").Line,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_search_is_always_possible() =>
        Assert.Equal(
            "modelbuild tune Models//block1/conv.onnx --data \"Calibration/*.npz\" --goal balanced --minutes 10",
            Find(SampleReceipts.Full(), "Search for a better recipe").Line
        );

    [Fact]
    public void Names_are_quoted_for_shells()
    {
        var receipt = SampleReceipts.Full() with { Model = "a b/$(x)\"`.onnx", Use = null };

        Assert.StartsWith("modelbuild tune \"a b/\\$(x)\\\"\\`.onnx\" --data", Find(receipt, "Search for a better recipe").Line, StringComparison.Ordinal);
    }

    private static NextStep Find(Receipt receipt, string title) => Assert.Single(NextSteps.Of(receipt), step => step.Title == title);
}
