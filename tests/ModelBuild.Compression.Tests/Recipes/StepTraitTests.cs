using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Recipes;

/// <summary>Tests what the pipeline reads from a step's definition before it runs the step.</summary>
public sealed class StepTraitTests
{
    [Theory]
    [InlineData("int8(min-max)", "int8-weights")]
    [InlineData("int8(mse, per-channel=false)", "int8-weights(per-channel=false)")]
    [InlineData("int8(min-max, exclude=head)", "int8-weights(exclude=head)")]
    [InlineData("fix-dimensions(batch=1)", "optimize")]
    public void A_step_is_completed_by_other_steps(string text, string completion)
    {
        var step = Step(text);

        Assert.Equal(completion, string.Join(' ', step.Definition.Completion(step.Options)));
    }

    [Fact]
    public void Other_steps_have_no_completion()
    {
        var completed = StepCatalog
            .Steps.Select(definition => definition.CreateStep(new Dictionary<StepOption, object?>()))
            .Where(step => step.Definition.Completion(step.Options).Count > 0);

        Assert.Equal(["fix-dimensions", "int8"], completed.Select(step => step.Definition.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("fix-dimensions(batch=3)")]
    [InlineData("float16(io=true)")]
    [InlineData("float16(io=false)")]
    [InlineData("bfloat16(io=true)")]
    [InlineData("bfloat16(io=false)")]
    public void The_change_of_a_contract_and_the_pass_declare_the_same(string text)
    {
        var step = Step(text);
        var (declared, made) = (Model(), Model());

        step.Definition.ContractChange(step.Options)!.ChangeContract(declared);
        var context = new PassContext(made, new PassReport(), CancellationToken.None) { Target = TargetProfile.Parse("cuda") };
        RecipePipeline.Run(context, RecipeParser.Parse(text));

        Assert.Equal(SignatureReader.Read(made).Hash(), SignatureReader.Read(declared).Hash());
        Assert.Equal(text.Contains("io=false", StringComparison.Ordinal), SignatureReader.Read(declared).Hash() == SignatureReader.Read(Model()).Hash());
    }

    private static RecipeStep Step(string text) => RecipeParser.Parse(text).Steps.Single();

    private static OnnxModel Model() =>
        new Net(opset: 17).OpenInput("x", "batch", "4").Weight("w", 4, 8).Node("MatMul", "x w", "y").OpenOutput("y", "batch", "8").Build();
}
