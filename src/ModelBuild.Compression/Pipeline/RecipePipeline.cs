using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Optimization;
using ModelBuild.Compression.Recipes;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Runs a recipe's passes on a model.</summary>
internal static class RecipePipeline
{
    /// <summary>
    /// The steps that a recipe really runs: one that stores or multiplies weights in another type finds more of them, and better ones, in an optimized graph,
    /// so <c>optimize</c> comes first when the recipe does not begin with it.
    /// </summary>
    public static IReadOnlyList<RecipeStep> Steps(Recipe recipe) =>
        recipe.Steps.Count > 0 && recipe.Steps[0].Definition.Name != "optimize"
            ? [RecipeParser.CreateStep("optimize", []), .. recipe.Steps]
            : recipe.Steps;

    /// <summary>Rewrites <paramref name="model"/> in place.</summary>
    /// <returns>What each step did, in order.</returns>
    public static IReadOnlyList<StepReport> Run(OnnxModel model, Recipe recipe, CancellationToken cancellationToken)
    {
        PinInitializers(model);
        var reports = new List<StepReport>();
        foreach (var step in Steps(recipe))
        {
            cancellationToken.ThrowIfCancellationRequested();
            reports.Add(RunStep(model, step, cancellationToken));
        }

        return reports;
    }

    /// <summary>Names the first step after which ONNX Runtime refuses the model; null when it loads after each of them.</summary>
    /// <param name="model">The model before the recipe; it is rewritten.</param>
    /// <param name="recipe">The recipe whose result does not load.</param>
    /// <param name="cancellationToken">Checked between nodes.</param>
    public static string? FindCulprit(OnnxModel model, Recipe recipe, CancellationToken cancellationToken)
    {
        PinInitializers(model);
        foreach (var step in Steps(recipe))
        {
            RunStep(model, step, cancellationToken);
            try
            {
                Sessions.OpenUnoptimized(model).Dispose();
            }
            catch (OnnxRuntimeException exception)
            {
                return $"the step '{step}' left a graph that ONNX Runtime refuses: {Sessions.Reason(exception)}";
            }
        }

        return null;
    }

    private static StepReport RunStep(OnnxModel model, RecipeStep step, CancellationToken cancellationToken)
    {
        var report = new PassReport();
        step.Definition.CreatePass(step.Options).Run(new PassContext(model, report, cancellationToken));
        // A rewrite adds the new and leaves the old; what nobody reads any more goes here, for all of them.
        var main = new Graph(model);
        new DeadCodeElimination().Apply(main, cancellationToken);
        main.RemoveStaleInfo();
        return new StepReport(step.ToString(), report);
    }

    // Old exporters list weights as graph inputs, which lets a caller override them. Wrappers offer only real inputs, so the defaults are final:
    // without this no weight of such a model would count as constant.
    private static void PinInitializers(OnnxModel model)
    {
        var graph = model.Proto.Graph;
        var initializers = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var input in graph.Input.Where(input => initializers.Contains(input.Name)).ToArray())
            graph.Input.Remove(input);
        // From IR 4 on an initializer need not be an input.
        model.Proto.IrVersion = Math.Max(4, model.Proto.IrVersion);
    }
}
