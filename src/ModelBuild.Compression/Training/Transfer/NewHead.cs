namespace ModelBuild.Compression.Training.Transfer;

/// <summary>The new last layer of a classifier.</summary>
/// <param name="Layer">The name of its node, or of its output.</param>
/// <param name="Constants">The names of its weights and biases.</param>
/// <param name="Scores">The value with the scores before softmax or sigmoid.</param>
/// <param name="Outputs">The outputs of the model with a number for each class.</param>
/// <param name="IsIndependent">Whether a sigmoid makes a probability of each score by itself.</param>
/// <param name="OldClasses">The number of classes of the layer that it replaces.</param>
/// <param name="Classes">The number of its classes.</param>
internal sealed record NewHead(
    string Layer,
    IReadOnlySet<string> Constants,
    string Scores,
    IReadOnlyList<string> Outputs,
    bool IsIndependent,
    int OldClasses,
    int Classes
);
