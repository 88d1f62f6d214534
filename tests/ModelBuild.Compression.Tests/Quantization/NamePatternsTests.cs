using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Recipes;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class NamePatternsTests
{
    [Theory]
    [InlineData("", "conv.weight", false)]
    [InlineData("conv*", "conv.weight", true)]
    [InlineData("*.weight", "conv.weight", true)]
    [InlineData("fc | conv?weight", "conv.weight", true)]
    [InlineData("CONV*", "conv.weight", false)]
    [InlineData("conv", "conv.weight", false)]
    [InlineData("a|b", "a|b", false)]
    [InlineData("'a|b'", "a|b", true)]
    [InlineData("'a|b'", "a", false)]
    [InlineData("x | 'a|b*c?'*", "a|b*c?.weight", true)]
    [InlineData("'a*'", "ab", false)]
    [InlineData("'it''s'", "it's", true)]
    [InlineData("'it'*'s'", "its", true)]
    [InlineData("' a '", " a ", true)]
    [InlineData("a\\b*", "a\\b.weight", true)]
    [InlineData("'a\\*'", "a\\*", true)]
    public void Patterns_name_what_is_excluded(string patterns, string name, bool matches) => Assert.Equal(matches, new NamePatterns(patterns).Match(name));

    [Theory]
    [InlineData("conv.weight")]
    [InlineData("a|b")]
    [InlineData("a*b?c")]
    [InlineData("it's (1), or '2'")]
    [InlineData("a:0+b=c;\\d")]
    [InlineData(" a ")]
    [InlineData("'")]
    [InlineData("")]
    public void A_quoted_name_is_a_pattern_for_itself_alone_and_comes_back_from_a_recipe(string name)
    {
        var options = new Int8Options(Exclude: $"x|{QuotedText.Quote(name)}", Layers: $"{QuotedText.Quote(name)}:a16+per-tensor|y:float");
        var text = new RecipeStep(StepCatalog.Find("int8")!, options).ToString();

        Assert.Equal(options, Assert.Single(RecipeParser.Parse(text).Steps).Options);
        Assert.Equal(name.Length > 0, new NamePatterns(options.Exclude).Match(name));
        Assert.False(new NamePatterns(options.Exclude).Match(name + "b"));
        var node = new NodeProto { Name = name, OpType = "Conv" };
        if (name.Length > 0)
            Assert.Equal(IntegerType.UInt16, LayerSettings.Parse(options with { Exclude = "" }, "cpu-x64")(node).Activations);
    }

    [Fact]
    public void A_name_from_a_recipe_file_is_written_so_that_it_can_be_read()
    {
        var step = RecipeParser.CreateStep("int8-weights", [("exclude", "conv (1), a*|'b,c'('it''s')")]);

        Assert.Equal("int8-weights(exclude=conv '('1'),' a*|'b,c(it''s)')", step.ToString());
        var again = (Int8WeightsOptions)Assert.Single(RecipeParser.Parse(step.ToString()).Steps).Options;
        Assert.True(new NamePatterns(again.Exclude).Match("conv (1), abc"));
        Assert.True(new NamePatterns(again.Exclude).Match("b,c(it's)"));
    }

    [Fact]
    public void A_quote_that_is_not_closed_is_an_error() =>
        Assert.Equal(Codes.UnknownOption, Assert.Throws<CompressionException>(() => new NamePatterns("it's")).Code);
}
