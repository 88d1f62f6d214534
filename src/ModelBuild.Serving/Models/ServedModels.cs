using System.Globalization;
using Microsoft.AspNetCore.Http;
using ModelBuild.Hosting;
using ModelBuild.Runtime;
using ModelBuild.Serving.Limits;

namespace ModelBuild.Serving.Models;

/// <summary>Holds the models that the server offers.</summary>
internal sealed class ServedModels : IAsyncDisposable
{
    // The versions of each model by its name, the highest version first.
    private readonly Dictionary<string, ServedModel[]> _models;

    private ServedModels(IEnumerable<ServedModel> models)
    {
        _models = models
            .GroupBy(model => model.Name, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => group.OrderByDescending(model => Number(model.Version)).ThenByDescending(model => model.Version, StringComparer.Ordinal).ToArray(),
                StringComparer.Ordinal
            );
        foreach (var versions in _models.Values)
            if (versions.GroupBy(model => model.Version, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new InvalidOperationException(
                    $"Two models have the name '{versions[0].Name}' and the version '{twice.Key}'. Set another name with ModelServingOptions.Rename."
                );
    }

    /// <summary>Gets all models in all versions.</summary>
    public IEnumerable<ServedModel> All => _models.Values.SelectMany(versions => versions);

    public static ServedModels Create(IEnumerable<HostedModel> hosted, ModelServingOptions options)
    {
        var typed = hosted.Select(model =>
        {
            var (name, version) = options.NameOf(model.Name);
            return new ServedModel(name, version, model.Open, isOwned: false, options.Batching);
        });
        var files = options.Files.Select(file => new ServedModel(
            file.Name,
            file.Version,
            () => ModelHost.OpenUntyped(file.Path, file.Options),
            isOwned: true,
            options.Batching
        ));
        return new ServedModels(typed.Concat(files));
    }

    /// <summary>Returns the versions of a model by its name, the highest first.</summary>
    public IEnumerable<string> Versions(string name) => _models[name].Select(model => model.Version);

    /// <summary>Returns a model by its name and version.</summary>
    /// <param name="name">The name of the model.</param>
    /// <param name="version">The version; null or empty for the highest.</param>
    /// <exception cref="ServingException">The server has no such model.</exception>
    public ServedModel Find(string name, string? version)
    {
        if (!_models.TryGetValue(name, out var versions))
            throw new ServingException(StatusCodes.Status404NotFound, $"The server has no model '{name}'.");
        if (string.IsNullOrEmpty(version))
            return versions[0];
        return Array.Find(versions, model => model.Version == version)
            ?? throw new ServingException(
                StatusCodes.Status404NotFound,
                $"The model '{name}' has no version '{version}'. It has {string.Join(", ", Versions(name))}."
            );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var model in All)
            await model.DisposeAsync().ConfigureAwait(false);
    }

    private static long Number(string version) => long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
