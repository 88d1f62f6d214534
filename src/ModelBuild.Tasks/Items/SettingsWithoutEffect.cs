using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>Finds settings of a project that have no effect, as far as this can be determined without reading a model.</summary>
internal static class SettingsWithoutEffect
{
    /// <summary>Returns a problem for each setting without effect, with the reason.</summary>
    /// <param name="project">The absolute path of the project file.</param>
    /// <param name="models">The <c>OnnxModel</c> items.</param>
    /// <param name="requests">The requests of these items.</param>
    public static IEnumerable<ModelProblem> Find(string project, IEnumerable<ITaskItem> models, IEnumerable<ModelRequest> requests) =>
        [.. OfProviders(requests), .. OfUpdates(project, models)];

    private static IEnumerable<ModelProblem> OfProviders(IEnumerable<ModelRequest> requests)
    {
        foreach (var request in requests)
            if (request.Providers.SkipWhile(provider => provider != ProviderNames.Cpu).Skip(1).FirstOrDefault() is { } behind)
                yield return new ModelProblem(
                    Codes.NoEffect,
                    request.Model,
                    $"Provider '{behind}' has no effect after 'cpu', which runs everywhere. Put 'cpu' last.",
                    ProblemLevel.Warning
                );
    }

    private static IEnumerable<ModelProblem> OfUpdates(string project, IEnumerable<ITaskItem> models)
    {
        foreach (var (written, near) in ItemUpdates.WithoutItem(project, models))
            yield return new ModelProblem(
                Codes.NoEffect,
                project,
                $"<OnnxModel Update=\"{written}\"> has no effect: no model has that path." + (near.Count > 0 ? $" Did you mean '{near[0]}'?" : ""),
                ProblemLevel.Warning
            );
    }
}
