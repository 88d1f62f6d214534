using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Tests.Training;

public sealed class TrainingOptionsTests
{
    private static readonly StepDefinition Step = StepDefinition.Create<TrainingOptions>("fine-tune", "Trains.", _ => throw new NotSupportedException());

    public static TheoryData<string, string> Valid =>
        new()
        {
            { "epochs", "3" },
            { "steps", "300" },
            { "rate", "auto" },
            { "rate", "0.001" },
            { "schedule", "linear" },
            { "optimizer", "adamw" },
            { "weight-decay", "0.01" },
            { "batch", "64" },
            { "clip", "1" },
            { "average", "0.99" },
            { "seed", "7" },
            { "layers", "conv*|fc" },
            { "exclude", "head" },
            { "augment", "flip+shift(2)+crop(4)+noise(0.1)" },
            { "loss", "dist" },
            { "temperature", "2.5" },
            { "labels", "0.1" },
            { "features", "pairs" },
            { "features", "auto" },
            { "feature-weight", "0.5" },
            { "attention", "1000" },
            { "memory", "auto" },
            { "memory", "2GB" },
            { "memory", "500MB" },
            { "statistics", "estimated" },
        };

    public static TheoryData<string, string> Impossible =>
        new()
        {
            { "epochs", "-1" },
            { "steps", "-1" },
            { "rate", "0" },
            { "rate", "-0.1" },
            { "rate", "NaN" },
            { "rate", "Infinity" },
            { "weight-decay", "1" },
            { "weight-decay", "-0.1" },
            { "batch", "-1" },
            { "batch", "65537" },
            { "clip", "-1" },
            { "clip", "NaN" },
            { "average", "1" },
            { "average", "-0.5" },
            { "temperature", "0" },
            { "temperature", "Infinity" },
            { "labels", "1.1" },
            { "labels", "NaN" },
            { "feature-weight", "-1" },
            { "feature-weight", "Infinity" },
            { "attention", "-1" },
            { "attention", "NaN" },
        };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_value_is_parsed_checked_and_written_as_it_was(string name, string text)
    {
        var option = Step.Options.Single(option => option.Name == name);

        Assert.True(OptionValue.TryParse(text, option.Type, out var value));
        var options = Assert.IsType<TrainingOptions>(Step.CreateStep(new Dictionary<StepOption, object?> { [option] = value }).Options);

        options.Check("fine-tune");
        Assert.True(text is "auto" || $"fine-tune({name}={text})" == new RecipeStep(Step, options).ToString());
        Assert.Equal(text, OptionValue.Format(option.Get(options)));
        Assert.Equal(value, option.Get(options));
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public void An_impossible_value_is_an_error_that_names_the_option(string name, string text)
    {
        var option = Step.Options.Single(option => option.Name == name);
        Assert.True(OptionValue.TryParse(text, option.Type, out var value));
        var options = (TrainingOptions)Step.CreateStep(new Dictionary<StepOption, object?> { [option] = value }).Options;

        var exception = Assert.Throws<CompressionException>(() => options.Check("fine-tune"));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.StartsWith($"'fine-tune' cannot take {name}={text}: it must be ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epochs", "x")]
    [InlineData("schedule", "Cosine ")]
    [InlineData("optimizer", "adam-w")]
    [InlineData("augment", "")]
    [InlineData("augment", "mirror")]
    [InlineData("augment", "flip+flip")]
    [InlineData("augment", "shift")]
    [InlineData("augment", "shift(0)")]
    [InlineData("augment", "shift(-1)")]
    [InlineData("augment", "shift(1.5)")]
    [InlineData("augment", "crop(2")]
    [InlineData("augment", "shift(1)+shift(2)")]
    [InlineData("augment", "noise(0)")]
    [InlineData("augment", "noise(NaN)")]
    [InlineData("augment", "noise(-1)")]
    [InlineData("augment", "flip+")]
    [InlineData("memory", "")]
    [InlineData("memory", "500")]
    [InlineData("memory", "half")]
    [InlineData("memory", "-1GB")]
    [InlineData("memory", "0MB")]
    [InlineData("memory", "NaNGB")]
    public void A_text_of_another_form_is_not_parsed(string name, string text) =>
        Assert.False(OptionValue.TryParse(text, Step.Options.Single(option => option.Name == name).Type, out _));

    [Fact]
    public void Defaults_are_possible_and_written_as_no_options()
    {
        var step = Step.CreateStep(new Dictionary<StepOption, object?>());

        Assert.Equal(new TrainingOptions(), step.Options);
        Assert.Equal("fine-tune", step.ToString());
        new TrainingOptions().Check("fine-tune");
    }

    [Fact]
    public void Epochs_and_steps_exclude_each_other()
    {
        var exception = Assert.Throws<CompressionException>(() => new TrainingOptions(Epochs: 1, Steps: 1).Check("distill"));

        Assert.Equal((Codes.UnknownOption, "'distill' takes epochs or steps, not both."), (exception.Code, exception.Message));
    }

    [Theory]
    [InlineData("'open", "")]
    [InlineData("", "'open")]
    public void Patterns_with_an_open_quote_are_an_error(string layers, string exclude)
    {
        var exception = Assert.Throws<CompressionException>(() => new TrainingOptions(Layers: layers, Exclude: exclude).Check("fine-tune"));

        Assert.Equal(Codes.UnknownOption, exception.Code);
    }

    [Fact]
    public void Words_of_enumerations_are_those_of_recipes()
    {
        Assert.Equal("one of sgd, adam, adamw, rmsprop", OptionValue.Describe(typeof(OptimizerKind)));
        Assert.Equal("one of cosine, linear, step, constant", OptionValue.Describe(typeof(ScheduleKind)));
        Assert.Equal("one of teacher, labels, dist, auto", OptionValue.Describe(typeof(LossKind)));
        Assert.Contains("shift(n)", OptionValue.Describe(typeof(Augmentations)), StringComparison.Ordinal);
    }
}
