using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Optimization;
using ModelBuild.Compression.Passes.Quantization.Recovery;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Runs the passes of a recipe on a model.</summary>
internal static class RecipePipeline
{
    /// <summary>The recipe that only runs the step <c>optimize</c>.</summary>
    public static Recipe Optimize { get; } = Recipe.Of(StepCatalog.List(new OptimizeOptions()));

    /// <summary>
    /// Returns the steps that run for a recipe. A step that stores or multiplies weights in another type finds more weights in an optimized graph, so
    /// <c>optimize</c> runs first where the recipe does not begin with an exact step.
    /// </summary>
    public static IReadOnlyList<RecipeStep> Steps(Recipe recipe) =>
        recipe.Steps.Count > 0 && !recipe.Steps[0].Definition.IsExact ? [.. Optimize.Steps, .. recipe.Steps] : recipe.Steps;

    /// <summary>Runs a recipe on <paramref name="model"/> in place, without real data.</summary>
    /// <returns>The outcomes of the steps, in order.</returns>
    public static IReadOnlyList<StepReport> Run(OnnxModel model, Recipe recipe, CancellationToken cancellationToken) =>
        Run(new PassContext(model, new PassReport(), cancellationToken), recipe);

    /// <summary>Runs a recipe on the context's model in place.</summary>
    /// <param name="context">The context with the model.</param>
    /// <param name="recipe">The steps.</param>
    /// <param name="meter">Counts the cost of the model after each step; null to count nothing.</param>
    /// <returns>The outcomes of the steps, in order.</returns>
    public static IReadOnlyList<StepReport> Run(PassContext context, Recipe recipe, CostMeter? meter = null)
    {
        ModelPreparation.Prepare(context.Model);
        var sparse = ComputesWithWeights(recipe) ? SparseConstants.MakeDense(context.Model) : null;
        var reports = Run(context, Steps(recipe), meter, context.Work.Reach);
        sparse?.Restore(context.Model);
        return reports;
    }

    /// <summary>Runs steps on a model that a recipe has begun to rewrite. Neighbouring steps that solve layers share one sweep through them.</summary>
    /// <param name="context">The context with the model.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="meter">Counts the cost of the model after each step; null to count nothing.</param>
    /// <param name="reach">Receives the index of the step that begins, and the number of steps that run together; null for steps inside a step.</param>
    public static IReadOnlyList<StepReport> Run(PassContext context, IReadOnlyList<RecipeStep> steps, CostMeter? meter = null, Action<int, int>? reach = null)
    {
        var reports = new List<StepReport>();
        for (var i = 0; i < steps.Count; i++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var solving = steps.Skip(i).TakeWhile(step => step.Definition.SolvesLayers).ToArray();
            reach?.Invoke(i, Math.Max(1, solving.Length));
            if (solving.Length < 2)
            {
                reports.Add(RunStep(context, steps, i) with { Cost = meter?.Measure(context.Model) });
                continue;
            }

            context.Work.Report($"steps {string.Join(' ', solving.AsEnumerable())}");
            var report = new PassReport();
            var sweep = new LayerSweep(context with { Report = report }, [.. solving.Select(step => step.Definition.CreateSolver(step.Options))]);
            Guard(string.Join(' ', solving.AsEnumerable()), sweep.Run);
            Clean(context);
            var cost = meter?.Measure(context.Model);
            reports.AddRange(solving.Select(step => new StepReport(step, report, cost)));
            i += solving.Length - 1;
        }

        return reports;
    }

    /// <summary>
    /// Changes the declarations of the inputs and outputs of a model to those after a recipe. The model may have been loaded without weights.
    /// </summary>
    public static void ChangeContract(OnnxModel outline, Recipe recipe)
    {
        foreach (var change in ContractChanges(recipe))
            change.ChangeContract(outline);
    }

    /// <summary>Changes the inputs and outputs of the original to those after a recipe, and nothing else of it.</summary>
    public static void Adapt(OnnxModel model, Recipe recipe)
    {
        ModelPreparation.Prepare(model);
        foreach (var change in ContractChanges(recipe))
            change.Adapt(model);
    }

    /// <summary>Runs the steps of a recipe one after another on a model before its recipe, without sharing work between neighbouring steps.</summary>
    /// <param name="context">The context with the model.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="goOn">Is called after each step, and returns whether the next step runs.</param>
    public static void RunEach(PassContext context, Recipe recipe, Func<RecipeStep, bool> goOn)
    {
        ModelPreparation.Prepare(context.Model);
        if (ComputesWithWeights(recipe))
            SparseConstants.MakeDense(context.Model);
        var steps = Steps(recipe);
        foreach (var (i, step) in steps.Index())
        {
            RunStep(context, steps, i);
            if (!goOn(step))
                return;
        }
    }

    private static IEnumerable<IContractChange> ContractChanges(Recipe recipe) =>
        recipe.Steps.Select(step => step.Definition.ContractChange(step.Options)).OfType<IContractChange>();

    private static StepReport RunStep(PassContext context, IReadOnlyList<RecipeStep> steps, int index)
    {
        var step = steps[index];
        context.Work.Report($"step {ShortRecipe.Of(step.ToString())}");
        var own = context with
        {
            Report = new PassReport(),
            Step = step.ToString(),
            Preceding = [.. steps.Take(index)],
            Following = [.. steps.Skip(index + 1)],
        };
        if (!step.Definition.ReplacesModel)
            UnmatchedNames.Warn(step, context.Model, own.Report);
        IReadOnlyList<RecipeStep>? chosen = null;
        Guard(
            step.ToString(),
            () =>
            {
                if (step.Definition.Alternatives(own, step.Options) is { } alternatives)
                    chosen = new StepComparison(own, step, alternatives).Run();
                else if (step.Definition.SolvesLayers)
                    new LayerSweep(own, [step.Definition.CreateSolver(step.Options)]).Run();
                else
                    foreach (var part in step.Definition.Completion(step.Options).Prepend(step))
                        part.Definition.CreatePass(part.Options).Run(own);
            }
        );
        if (step.Definition.ReplacesModel)
            UnmatchedNames.Warn(step, context.Model, own.Report);
        Clean(context);
        return new StepReport(step, own.Report) { Chosen = chosen };
    }

    private static void Guard(string step, Action run)
    {
        try
        {
            run();
        }
        catch (OnnxRuntimeException exception)
        {
            throw FaultyStep.Failed(step, exception);
        }
    }

    // Removes nodes and constants without readers after each step, because a rewrite adds nodes and leaves the old ones in the graph.
    private static void Clean(PassContext context)
    {
        var main = new Graph(context.Model);
        new DeadCodeElimination().Apply(main, context.CancellationToken);
        main.RemoveStaleInfo();
        LargeModels.MoveToMappedFile(context.Model);
    }

    private static bool ComputesWithWeights(Recipe recipe) => recipe.Steps.Any(step => !step.Definition.IsExact);
}
