namespace ModelBuild.Protocol;

/// <summary>Represents the output of a model that a description of a map refers to.</summary>
/// <param name="Index">The index of the output.</param>
/// <param name="Axes">The dimensions of the output; null if the model does not declare them.</param>
internal sealed record MapOutput(int Index, MapAxes? Axes)
{
    private const int MaskClasses = 2;

    /// <summary>Finds the output of a map by the name in the description, or as the first one that fits.</summary>
    /// <param name="description">The description.</param>
    /// <param name="outputs">The outputs of the model.</param>
    /// <param name="labels">The number of labels; 0 if there are none.</param>
    /// <param name="isInputChannelsLast">Whether the channels of the image input are its last dimension.</param>
    /// <exception cref="FormatException">An output is missing, or it has another type or shape. The message lists the outputs of the model.</exception>
    public static MapOutput Find(MapDescription description, IReadOnlyList<DescribedValue> outputs, int labels, bool isInputChannelsLast)
    {
        // In most models, an output of two dimensions has one row of scores for each image. Such an output is used as a map only if the description names it.
        var candidates = Enumerable
            .Range(0, outputs.Count)
            .Where(index => description.Output is { } name ? outputs[index].Name == name : IsMap(outputs[index]) && outputs[index].Rank != MapAxes.MinRank);
        if (description.Output is { } missing && !candidates.Any())
            throw new FormatException(
                $"the model has no output '{missing}'.{NearestName.Hint(missing, outputs.Select(output => output.Name))} It has {List(outputs)}."
            );
        string? problem = null;
        foreach (var index in candidates)
        {
            var axes =
                IsMap(outputs[index]) && outputs[index].Sizes is not null ? MapAxes.Find(description, outputs[index], labels, isInputChannelsLast) : null;
            if (Problem(description, outputs[index], axes, labels) is not { } found)
                return new MapOutput(index, axes);
            problem ??= found;
        }

        throw new FormatException(
            problem
                ?? $"no output of the model is a map, which has numbers and {MapAxes.MinRank + 1} to {MapAxes.MaxRank} dimensions. It has {List(outputs)}. "
                    + "'output=NAME' names one with two dimensions."
        );
    }

    /// <summary>Returns a sentence about a contradiction between a description and an output; null if there is none.</summary>
    /// <param name="description">The description.</param>
    /// <param name="output">The output.</param>
    /// <param name="axes">The dimensions of the output; null if the model does not declare them.</param>
    /// <param name="labels">The number of labels; 0 if there are none.</param>
    public static string? Problem(MapDescription description, DescribedValue output, MapAxes? axes, int labels)
    {
        if (!IsMap(output))
            return $"a map has numbers and {MapAxes.MinRank} to {MapAxes.MaxRank} dimensions, and the model has {output}.";
        if (axes is null)
            return null;
        var channels = axes.Channels < 0 ? 1 : output.Sizes![axes.Channels];
        if (channels == 0)
            return null;
        var has = $"and {output} has {Count(channels)}.";
        return description.Kind switch
        {
            MapKind.Values => channels == 1 ? null : $"'values' are one channel, {has}",
            MapKind.Image => channels == description.Values.Count ? null : $"'{description.OrderName}' has {Count(description.Values.Count)}, {has}",
            _ when channels > 1 => description.IsSigmoid || description.Threshold is not null
                ? $"'sigmoid' and 'threshold' find the foreground in one channel, {has}"
            : labels > 0 && labels != channels ? $"there are {labels} labels, {has}"
            : null,
            _ => IsForeground(description, output.HasFractions) && labels is not (0 or MaskClasses)
                ? $"one channel has {MaskClasses} classes, the background and the foreground, and there are {labels} labels, {has}"
                : null,
        };
    }

    /// <summary>Returns whether the numbers of a single channel are scores of the foreground. Otherwise they are indices of classes.</summary>
    public static bool IsForeground(MapDescription description, bool isFloat) => isFloat || description.IsSigmoid || description.Threshold is not null;

    private static bool IsMap(DescribedValue output) =>
        output.Type is not ("" or "string") && output.Rank is null or (>= MapAxes.MinRank and <= MapAxes.MaxRank);

    private static string Count(int channels) => channels == 1 ? "1 channel" : $"{channels} channels";

    private static string List(IReadOnlyList<DescribedValue> outputs) => string.Join(", ", outputs);
}
