using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Items;

/// <summary>Finds what a project says in vain, as far as it can be told without opening a model.</summary>
internal static class KnobsWithoutEffect
{
    private const string Code = "MB1039";

    // What these say is about one model.
    private static readonly string[] _ofItems = ["ClassName", "Fidelity", "State"];

    /// <summary>What has no effect, and why.</summary>
    /// <param name="project">The absolute path of the project file.</param>
    /// <param name="defaults">The item that carries the project's properties.</param>
    /// <param name="models">The <c>OnnxModel</c> items.</param>
    /// <param name="requests">What became of them.</param>
    public static IEnumerable<ModelProblem> Find(string project, ITaskItem defaults, IEnumerable<ITaskItem> models, IEnumerable<ModelRequest> requests) =>
        [.. OfProperties(project, defaults), .. OfProviders(requests), .. OfUpdates(project, models)];

    private static IEnumerable<ModelProblem> OfProperties(string project, ITaskItem defaults)
    {
        foreach (var knob in _ofItems)
            if (defaults.GetMetadata("OfItems" + knob) is { Length: > 0 } value)
                yield return new ModelProblem(
                    Code, project, $"The property ModelBuild{knob}='{value}' has no effect: it says something of one model; write {knob} on its OnnxModel item.");
        foreach (var (written, meant) in MisspeltProperties.Find(project))
            yield return new ModelProblem(Code, project, $"The property {written} has no effect. Did you mean '{meant}'?");
    }

    private static IEnumerable<ModelProblem> OfProviders(IEnumerable<ModelRequest> requests)
    {
        foreach (var request in requests)
            if (request.Providers.SkipWhile(provider => provider != "cpu").Skip(1).FirstOrDefault() is { } behind)
                yield return new ModelProblem(
                    Code, request.Model, $"Provider '{behind}' has no effect behind 'cpu', which runs everywhere: name 'cpu' last.");
    }

    private static IEnumerable<ModelProblem> OfUpdates(string project, IEnumerable<ITaskItem> models)
    {
        foreach (var (written, near) in ItemUpdates.WithoutItem(project, models))
            yield return new ModelProblem(
                Code,
                project,
                $"<OnnxModel Update=\"{written}\"> has no effect: no model has that path." + (near.Count > 0 ? $" Did you mean '{near[0]}'?" : ""));
    }
}
