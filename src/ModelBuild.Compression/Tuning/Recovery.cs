using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Recovery;
using ModelBuild.Compression.Passes.Training;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tuning;

/// <summary>The steps that fit stored weights to data.</summary>
internal enum Recovery
{
    /// <summary>No steps.</summary>
    None,

    /// <summary><c>gptq</c>.</summary>
    Rounding,

    /// <summary><c>least-squares gptq</c>.</summary>
    Fitting,

    /// <summary><c>least-squares gptq coordinate-descent</c>.</summary>
    Descent,

    /// <summary><c>least-squares gptq reconstruct</c>.</summary>
    Reconstruction,
}

/// <summary>The steps of each recovery.</summary>
internal static class RecoverySteps
{
    /// <summary>Returns the steps in order.</summary>
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
