using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>Creates the optimizers that recipes name.</summary>
internal static class OptimizerCatalog
{
    /// <summary>Creates an optimizer with the constants of the paper that describes it.</summary>
    /// <param name="kind">The formula.</param>
    /// <param name="decay">The weight decay.</param>
    public static IOptimizer Create(OptimizerKind kind, double decay) =>
        kind switch
        {
            OptimizerKind.Sgd => new Sgd { Decay = (float)decay },
            OptimizerKind.Adam => new Adam { Decay = (float)decay },
            OptimizerKind.Adamw => new Adam { Decay = (float)decay, IsDecoupled = true },
            OptimizerKind.Rmsprop => new RmsProp { Decay = (float)decay },
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>Returns how many numbers an optimizer keeps for each number that it changes.</summary>
    public static int StateOf(OptimizerKind kind) => kind is OptimizerKind.Adam or OptimizerKind.Adamw ? 2 : 1;
}
