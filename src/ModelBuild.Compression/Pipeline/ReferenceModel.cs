using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// The model that results are compared with: the original, or the model after the last step that changes its classes. The training of that step is remembered,
/// so that the recipe does not train again.
/// </summary>
/// <param name="original">The file of the original.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="createContext">Creates a context with the original.</param>
internal sealed class ReferenceModel(string original, Recipe recipe, Func<PassContext> createContext) : IDisposable
{
    private DirectoryInfo? _folder;

    /// <summary>The path of the file of the reference model.</summary>
    public string Path { get; private set; } = original;

    /// <summary>Creates the reference model by the steps of the recipe up to the last one that changes classes, if there is such a step.</summary>
    /// <param name="work">Receives the progress.</param>
    public void Make(WorkLog work)
    {
        var steps = recipe.Steps.Count - recipe.Steps.Reverse().TakeWhile(step => !step.Definition.ChangesClasses).Count();
        if (steps == 0 || _folder is not null)
            return;
        var before = Recipe.Of([.. recipe.Steps.Take(steps)]);
        work.Enter("making the model with the new classes");
        work.Plan([.. RecipePipeline.Steps(before).Select(step => step.Definition.Name)]);
        var context = createContext() with { Work = work };
        RecipePipeline.Run(context, before);
        _folder = Directory.CreateTempSubdirectory("modelbuild-");
        Path = System.IO.Path.Combine(_folder.FullName, "reference.onnx");
        context.Model.Save(Path, cancellationToken: context.CancellationToken);
        context.Model.ReleaseWeights();
    }

    public void Dispose() => _folder?.Delete(recursive: true);
}
