using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Training;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Tests.Recipes;

/// <summary>Tests that options of training are written beside a step's own options.</summary>
public sealed class SharedOptionsTests
{
    private static readonly DataFile Student = new("s.onnx");

    [Fact]
    public void The_options_of_training_follow_the_own_options_of_a_step()
    {
        var training = StepCatalog.Find("fine-tune")!.Options.Select(option => (option.Name, option.DefaultText));

        Assert.Equal([("student", ""), .. training], StepCatalog.Find("distill")!.Options.Select(option => (option.Name, option.DefaultText)));
    }

    public static TheoryData<string, string> Written =>
        new()
        {
            { "distill(s.onnx)", "distill(student=s.onnx)" },
            { "distill(student=s.onnx)", "distill(student=s.onnx)" },
            { "distill(s.onnx, epochs=3)", "distill(student=s.onnx, epochs=3)" },
            { "distill(s.onnx, 3)", "distill(student=s.onnx, epochs=3)" },
            { "distill(epochs=3, student=s.onnx)", "distill(student=s.onnx, epochs=3)" },
            { "distill('a, b.onnx', augment=shift(2)+flip, rate=0.1)", "distill(student='a, b.onnx', rate=0.1, augment=flip+shift(2))" },
            { "distill(s.onnx, epochs=0)", "distill(student=s.onnx)" },
            { "distill", "distill" },
        };

    [Theory]
    [MemberData(nameof(Written))]
    public void A_step_is_read_and_written_in_one_line_and_as_json(string text, string written)
    {
        var step = Assert.Single(RecipeParser.ParseSteps(text));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("m.recipe.json"), RecipeFile.ToJson(Recipe.Of([step])));

        Assert.Equal(written, step.ToString());
        Assert.Equal(step, Assert.Single(RecipeParser.ParseSteps(written)));
        Assert.Equal(step, Assert.Single(RecipeFile.Load(folder.File("m.recipe.json")).Steps));
    }

    [Fact]
    public void The_record_of_a_step_holds_the_shared_record()
    {
        var step = Assert.Single(RecipeParser.ParseSteps("distill(s.onnx, epochs=3, seed=7)"));

        Assert.Equal(new DistillOptions(Student, new TrainingOptions(Epochs: 3, Seed: 7)), step.Options);
        Assert.Equal(new DistillOptions(Student), Assert.Single(RecipeParser.ParseSteps("distill(s.onnx)")).Options);
        Assert.Equal([Student], step.Files);
        Assert.Equal("distill(student=s.onnx, epochs=3, seed=7)", StepCatalog.Step(step.Options).ToString());
    }

    [Theory]
    [InlineData("distill(s.onnx, epoch=3)", "has no option 'epoch'. Did you mean 'epochs'?")]
    [InlineData("distill(s.onnx, epochs=x)", "cannot take epochs='x': it must be an integer.")]
    [InlineData("distill(s.onnx, epochs=1, epochs=2)", "has the option 'epochs' twice.")]
    [InlineData("distill(s.onnx, student=t.onnx)", "has the option 'student' twice.")]
    public void A_fault_in_a_shared_option_is_an_error(string text, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => RecipeParser.ParseSteps(text));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
