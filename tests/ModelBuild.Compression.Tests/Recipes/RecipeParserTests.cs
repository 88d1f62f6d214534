using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tests.Recipes;

public sealed class RecipeParserTests
{
    [Theory]
    [InlineData("optimize", "optimize")]
    [InlineData("  optimize   int8-weights ", "optimize int8-weights")]
    [InlineData("int8-weights()", "int8-weights")]
    [InlineData("int8-weights(true)", "int8-weights")]
    [InlineData("int8-weights(false)", "int8-weights(per-channel=false)")]
    [InlineData("int8-weights (per-channel = False)", "int8-weights(per-channel=false)")]
    [InlineData("int8-weights(false, *.bias)", "int8-weights(per-channel=false, exclude=*.bias)")]
    [InlineData("int8-weights(exclude=/a/b:0|c*, per-channel=false) float16-weights", "int8-weights(per-channel=false, exclude=/a/b:0|c*) float16-weights")]
    [InlineData("float16-weights(x*)", "float16-weights(exclude=x*)")]
    [InlineData("int8-weights(exclude=)", "int8-weights")]
    [InlineData("smooth-quant(auto)", "smooth-quant")]
    [InlineData("smooth-quant(alpha=0.50)", "smooth-quant(alpha=0.5)")]
    public void Steps_and_options_are_read_by_position_and_by_name(string text, string written)
    {
        var recipe = RecipeParser.Parse(text);

        Assert.Equal(written, recipe.ToString());
        Assert.Equal(written, RecipeParser.Parse(written).ToString());
        Assert.Equal(recipe.Steps, RecipeParser.Parse(written).Steps);
        Assert.False(recipe.IsAuto || recipe.IsNone);
    }

    [Fact]
    public void Numbers_in_parentheses_need_no_quotes()
    {
        var recipe = RecipeParser.Parse("int8-weights(exclude=a(1)|b, per-channel=false) optimize");

        Assert.Equal("int8-weights(per-channel=false, exclude=a'('1')'|b) optimize", recipe.ToString());
        Assert.Equal(recipe.ToString(), RecipeParser.Parse(recipe.ToString()).ToString());
    }

    [Fact]
    public void Options_are_records()
    {
        var step = Assert.Single(RecipeParser.Parse("int8-dynamic(false, lm_head)").Steps);

        Assert.Equal(new Int8DynamicOptions(PerChannel: false, Exclude: "lm_head"), step.Options);
        Assert.Same(StepCatalog.Find("int8-dynamic"), step.Definition);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData(" auto ")]
    [InlineData("")]
    [InlineData("  ")]
    public void Auto_is_what_is_meant_when_nothing_is_said(string text) => Assert.True(RecipeParser.Parse(text).IsAuto);

    [Fact]
    public void None_leaves_the_model_as_it_is() => Assert.True(RecipeParser.Parse("none").IsNone);

    [Theory]
    [InlineData("int8 cluster(16)", "'cluster' must come before 'int8': it needs weights in float32, and 'int8' stores them in another type.")]
    [InlineData("prune(0.5) int8-weights low-rank(0.5)", "'low-rank' must come before 'int8-weights'")]
    [InlineData("int8-weigths", "There is no step 'int8-weigths'. Did you mean 'int8-weights'? Steps: optimize, fix-dimensions, prune-channels, ")]
    [InlineData("Optimize", "Did you mean 'optimize'?")]
    [InlineData("quantize-everything-now", "There is no step 'quantize-everything-now'. Steps: optimize")]
    [InlineData("auto optimize", "'auto' cannot be combined with other steps")]
    [InlineData("optimize none", "'none' cannot be combined with other steps")]
    [InlineData(
        "int8-weights(per-chanel=true)",
        "The step 'int8-weights' has no option 'per-chanel'. Did you mean 'per-channel'? Options: per-channel (default true), exclude (default none)."
    )]
    [InlineData("optimize(fast)", "The step 'optimize' has 0 options, and 'fast' is one too many. It has no options.")]
    [InlineData("optimize(fast=true)", "The step 'optimize' has no option 'fast'. It has no options.")]
    [InlineData("float16-weights(a, b)", "'b' is one too many")]
    [InlineData("int8-weights(per-channel=maybe)", "'int8-weights' cannot take per-channel='maybe': it must be true or false.")]
    [InlineData("smooth-quant(alpha=much)", "'smooth-quant' cannot take alpha='much': it must be auto or a number.")]
    [InlineData("smooth-quant(beta=1)", "Options: alpha (default auto), insert (default false), exclude (default none).")]
    [InlineData("int8-weights(false, per-channel=true)", "has the option 'per-channel' twice")]
    [InlineData("optimize,int8-weights", "cannot be read from 'optimize,int8-weights' on")]
    [InlineData("int8-weights(", "cannot be read from 'int8-weights(' on")]
    [InlineData("int8-weights(a(b))", "cannot be read from")]
    [InlineData("int8-weights)", "cannot be read from 'int8-weights)' on")]
    public void What_is_unknown_is_an_error_that_lists_what_exists(string text, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => RecipeParser.Parse(text));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_says_what_it_does_in_a_sentence()
    {
        Assert.All(StepCatalog.Steps, step => Assert.EndsWith(".", step.Summary, StringComparison.Ordinal));
        Assert.Equal(StepCatalog.Steps.Count, StepCatalog.Steps.Select(step => step.Name).Distinct().Count());
        Assert.Null(StepCatalog.Find("auto"));
    }
}
