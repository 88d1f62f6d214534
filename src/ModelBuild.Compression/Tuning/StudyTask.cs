namespace ModelBuild.Compression.Tuning;

/// <summary>A task of a study. The key identifies the task in each run of the study.</summary>
/// <param name="Key">The key.</param>
internal abstract record StudyTask(string Key);

/// <summary>A task that runs a recipe.</summary>
/// <param name="Recipe">The recipe in its one-line form.</param>
/// <param name="Origin">How the study found the recipe.</param>
internal sealed record RecipeTask(string Recipe, Origin Origin) : StudyTask(Recipe);

/// <summary>A task that measures the errors of the forms in which layers are stored.</summary>
/// <param name="Structure">The changes of the graph that come before.</param>
internal sealed record StorageTableTask(Structure Structure) : StudyTask($"storage {string.Join(' ', Structure.Steps())}".TrimEnd());

/// <summary>A task that measures the errors of the layers that compute in integers.</summary>
/// <param name="Steps">The steps of the model in int8 in their one-line form, without steps that choose.</param>
internal sealed record IntegerTableTask(string Steps) : StudyTask($"integers {Steps}");
