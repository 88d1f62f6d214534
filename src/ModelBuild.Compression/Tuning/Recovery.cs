using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Recovery;
using ModelBuild.Compression.Passes.Training;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tuning;

/// <summary>The steps that fit stored weights to data.</summary>
internal enum Recovery
{
    /// <summary>No steps fit the stored weights.</summary>
    None,

    /// <summary>The step <c>gptq</c> fits the weights.</summary>
    Rounding,

    /// <summary>The steps <c>least-squares gptq</c> fit the weights.</summary>
    Fitting,

    /// <summary>The steps <c>least-squares gptq coordinate-descent</c> fit the weights.</summary>
    Descent,

    /// <summary>The steps <c>least-squares gptq reconstruct</c> fit the weights.</summary>
    Reconstruction,
}

/// <summary>Lists the steps of each recovery.</summary>
internal static class RecoverySteps
{
    /// <summary>Returns the steps of a recovery in their order.</summary>
    public static IReadOnlyList<RecipeStep> Of(Recovery recovery) =>
        recovery switch
        {
            Recovery.None => [],
            Recovery.Rounding => StepCatalog.List(new GptqOptions()),
            Recovery.Fitting => StepCatalog.List(new LeastSquaresOptions(), new GptqOptions()),
            Recovery.Descent => StepCatalog.List(new LeastSquaresOptions(), new GptqOptions(), new CoordinateDescentOptions()),
            Recovery.Reconstruction => StepCatalog.List(new LeastSquaresOptions(), new GptqOptions(), new ReconstructOptions()),
            _ => throw new ArgumentOutOfRangeException(nameof(recovery)),
        };
}
