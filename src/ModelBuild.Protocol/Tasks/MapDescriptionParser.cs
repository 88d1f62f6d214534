namespace ModelBuild.Protocol;

/// <summary>
/// Reads the description of an output that is a map, such as <c>classes</c>, <c>values range(0,1)</c> or <c>image rgb scale(255)</c>. The kind is the first
/// word. The other steps may be in any order; <c>scale</c>, <c>mean</c> and <c>std</c> are applied in their order.
/// </summary>
internal static class MapDescriptionParser
{
    private static readonly Dictionary<string, MapKind> _kinds = new(StringComparer.Ordinal)
    {
        ["classes"] = MapKind.Classes,
        ["values"] = MapKind.Values,
        ["image"] = MapKind.Image,
    };

    private static readonly Dictionary<string, Func<MapDescription, MapDescription>> _words = new(StringComparer.Ordinal)
    {
        ["channels-first"] = description => description with { IsChannelsLast = false },
        ["channels-last"] = description => description with { IsChannelsLast = true },
        ["sigmoid"] = description => description with { IsSigmoid = true },
        ["invert"] = description => description with { IsInverted = true },
        ["original-size"] = description => description with { IsOriginalSize = true },
    };

    private static readonly Dictionary<string, Func<MapDescription, MapDescription>> _orders = new(StringComparer.Ordinal)
    {
        ["rgb"] = description => description with { Order = ChannelOrder.Rgb },
        ["bgr"] = description => description with { Order = ChannelOrder.Bgr },
        ["gray"] = description => description with { Order = ChannelOrder.Gray },
        ["luma"] = description => description with { Order = ChannelOrder.Gray, IsLuma = true },
    };

    private static readonly string[] _scales = ["scale", "mean", "std"];

    /// <summary>Reads the description of a map.</summary>
    /// <exception cref="DescriptionException">The text is not a description of a map.</exception>
    public static MapDescription Parse(string text)
    {
        var steps = new DescriptionReader(text).ReadSteps();
        if (steps.Count == 0 || !_kinds.TryGetValue(steps[0].Name, out var kind) || steps[0] is not { Arguments: null, Value: null })
            throw new DescriptionException(
                text,
                steps.Count > 0 ? steps[0].Position : 0,
                $"The first word is a kind of map.{(steps.Count > 0 ? NearestName.Hint(steps[0].Name, _kinds.Keys) : "")} The kinds are {List(_kinds.Keys)}."
            );
        var description = new MapDescription { Kind = kind };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in steps.Skip(1))
        {
            if (!names.Add(step.Name) && !_scales.Contains(step.Name))
                throw new DescriptionException(text, step.Position, $"'{step.Name}' is given twice.");
            if (!Steps(kind).Contains(step.Name))
                throw Unknown(text, kind, step);
            if (names.Count(_orders.ContainsKey) > 1)
                throw new DescriptionException(text, step.Position, $"An image has one order of channels. Keep one of {List(_orders.Keys)}.");
            description = Add(text, description, step);
        }

        if (description is { IsSigmoid: true, Threshold: <= 0 or >= 1 })
            throw new DescriptionException(
                text,
                steps.First(step => step.Name == "threshold").Arguments![0].Position,
                "The threshold of a sigmoid is between 0 and 1."
            );
        // The values of channels are composed after all words are read, because each word of the description may determine the number of channels.
        return kind == MapKind.Image ? description with { Values = Compose(text, description, steps) } : description;
    }

    private static string[] Steps(MapKind kind) =>
        kind switch
        {
            MapKind.Classes => ["sigmoid", "threshold", "output", "channels-first", "channels-last"],
            MapKind.Values => ["sigmoid", "range", "invert", "output", "channels-first", "channels-last"],
            _ => [.. _orders.Keys, .. _scales, "original-size", "output", "channels-first", "channels-last"],
        };

    private static MapDescription Add(string text, MapDescription description, DescriptionStep step)
    {
        if (step.Name == "output")
            return step.Value is { } name
                ? description with
                {
                    Output = name,
                }
                : throw new DescriptionException(text, step.Position, "'output' names an output, such as 'output=output0'.");
        if (step.Value is not null)
            throw new DescriptionException(text, step.Position, $"'{step.Name}' does not name an output. 'output={step.Value}' does.");
        if (_words.TryGetValue(step.Name, out var change) || _orders.TryGetValue(step.Name, out change))
            return step.Arguments is null ? change(description) : throw new DescriptionException(text, step.Position, $"'{step.Name}' has no arguments.");
        var arguments = new StepArguments(text, step);
        switch (step.Name)
        {
            case "threshold":
                arguments.RequireCount(1, 1, "one number", "threshold(0.5)");
                return description with { Threshold = (float)arguments.Number(arguments.At(0)) };
            case "range":
                arguments.RequireCount(2, 2, "the value that becomes black and the one that becomes white", "range(0,1)");
                var (black, white) = ((float)arguments.Number(arguments.At(0)), (float)arguments.Number(arguments.At(1)));
                return black < white
                    ? description with
                    {
                        Black = black,
                        White = white,
                    }
                    : throw arguments.Mistake(arguments.At(1), "the first number of 'range' is less than the second one. 'invert' exchanges black and white.");
            default:
                return description;
        }
    }

    private static ChannelValues[] Compose(string text, MapDescription description, IReadOnlyList<DescriptionStep> steps)
    {
        var channels = Enumerable.Repeat(new ChannelValues(1, 0), description.Order == ChannelOrder.Gray ? 1 : 3).ToArray();
        foreach (var step in steps.Where(step => _scales.Contains(step.Name)))
        {
            var arguments = new StepArguments(text, step);
            if (arguments.Count != 1 && (arguments.Count != channels.Length || step.Name == "scale"))
                throw new DescriptionException(
                    text,
                    step.Position,
                    step.Name == "scale"
                        ? $"'scale' has one number, such as 'scale(255)'; here it has {arguments.Count}. 'std' multiplies each channel by its own number."
                        : $"'{step.Name}' has {arguments.Count} numbers. It has one, or one for each channel of '{description.OrderName}'."
                );
            for (var i = 0; i < channels.Length; i++)
            {
                var argument = arguments.At(arguments.Count == 1 ? 0 : i);
                var number = arguments.Number(argument);
                if (number == 0 && step.Name != "mean")
                    throw arguments.Mistake(argument, $"'{step.Name}' multiplies, so its numbers are not 0.");
                var (factor, offset) = channels[i];
                channels[i] = step.Name == "mean" ? new ChannelValues(factor, offset + number) : new ChannelValues(factor * number, offset * number);
            }
        }

        return channels;
    }

    private static DescriptionException Unknown(string text, MapKind kind, DescriptionStep step)
    {
        var others = _kinds.Where(pair => Steps(pair.Value).Contains(step.Name)).Select(pair => pair.Key).ToArray();
        return new DescriptionException(
            text,
            step.Position,
            others.Length > 0 ? $"'{step.Name}' belongs to {List(others)}, not to '{Name(kind)}'."
                : _kinds.ContainsKey(step.Name) ? $"'{step.Name}' is a kind of map, which stands at the front, once and without arguments."
                : $"'{step.Name}' is not a step.{NearestName.Hint(step.Name, Steps(kind))} The steps of '{Name(kind)}' are {List(Steps(kind))}."
        );
    }

    private static string Name(MapKind kind) => kind.ToString().ToLowerInvariant();

    private static string List(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));
}
