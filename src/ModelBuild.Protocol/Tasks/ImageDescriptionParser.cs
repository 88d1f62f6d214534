namespace ModelBuild.Protocol;

/// <summary>
/// Reads the description of an image input, such as <c>bgr resize(256) crop(224) mean(103.939,116.779,123.68)</c>: the channels, then one of <c>resize</c>,
/// <c>fit</c> and <c>letterbox</c>, then <c>crop</c>, then <c>scale</c>, <c>mean</c> and <c>std</c> in the order of their application. Each part is optional.
/// </summary>
internal sealed class ImageDescriptionParser
{
    private const int MaxSide = 65_535;
    private const double LetterboxPadding = 114;

    private static readonly string[] _orders = ["rgb", "bgr", "gray"];
    private static readonly string[] _resizes = ["resize", "fit", "letterbox"];
    private static readonly string[] _values = ["scale", "mean", "std"];
    private static readonly string[] _steps = [.. _orders, .. _resizes, "crop", .. _values];

    private static readonly Dictionary<string, ImageFilter> _filters = new(StringComparer.Ordinal)
    {
        ["nearest"] = ImageFilter.Nearest,
        ["nearest-exact"] = ImageFilter.NearestExact,
        ["bilinear"] = ImageFilter.Bilinear,
        ["bicubic"] = ImageFilter.Bicubic,
    };

    private readonly string _text;
    private ChannelOrder _order = ChannelOrder.Rgb;
    private ImageResize? _resize;
    private ImageCrop? _crop;
    private ChannelValues[]? _channels;

    private ImageDescriptionParser(string text) => _text = text;

    /// <summary>Reads the description of an image input.</summary>
    /// <exception cref="DescriptionException">The text is not a description of an image input.</exception>
    public static ImageDescription Parse(string text) => new ImageDescriptionParser(text).Parse();

    private ImageDescription Parse()
    {
        var steps = new DescriptionReader(_text).ReadSteps();
        for (var i = 0; i < steps.Count; i++)
            Add(steps[i], isFirst: i == 0);
        return new ImageDescription(_order, _resize, _crop, Channels);
    }

    private ChannelValues[] Channels => _channels ??= [.. Enumerable.Repeat(new ChannelValues(1, 0), _order == ChannelOrder.Gray ? 1 : 3)];

    private void Add(DescriptionStep step, bool isFirst)
    {
        if (step.Value is not null)
            throw Mistake(step.Position, $"'{step.Name}={step.Value}' is not a step. Arguments stand in parentheses, such as 'crop(224)'.");
        if (_orders.Contains(step.Name))
            SetOrder(step, isFirst);
        else if (_resizes.Contains(step.Name))
            SetResize(step);
        else if (step.Name == "crop")
            SetCrop(step);
        else if (_values.Contains(step.Name))
            Compose(step);
        else
            throw Mistake(step.Position, $"'{step.Name}' is not a step.{NearestName.Hint(step.Name, _steps)} The steps are {List(_steps)}.");
    }

    private void SetOrder(DescriptionStep step, bool isFirst)
    {
        if (!isFirst)
            throw Mistake(step.Position, $"'{step.Name}' is the first word of a description. Move it to the front, or remove it.");
        if (step.Arguments is { } arguments)
            throw Mistake(arguments[0].Position, $"'{step.Name}' has no arguments.");
        _order =
            step.Name == "rgb" ? ChannelOrder.Rgb
            : step.Name == "bgr" ? ChannelOrder.Bgr
            : ChannelOrder.Gray;
    }

    private void SetResize(DescriptionStep step)
    {
        if (_resize is not null)
            throw Mistake(step.Position, $"An image is resized once, and '{step.Name}' would resize it again. Keep one of {List(_resizes)}.");
        if (_crop is not null)
            throw Mistake(step.Position, $"'{step.Name}' stands before 'crop'.");
        RequireBeforeValues(step);
        var sizes = new List<int>();
        var filter = ImageFilter.Bilinear;
        var isFilterGiven = false;
        DescriptionArgument? antialias = null;
        double? padding = null;
        foreach (var argument in Arguments(step))
        {
            if (argument.Name == "antialias" && antialias is null)
                antialias = argument;
            else if (argument.Name == "pad" && padding is null && step.Name != "resize")
                padding = Padding(argument);
            else if (argument.Name is not null)
                throw UnknownName(step, argument);
            else if (argument.IsNumber)
                sizes.Add(Side(argument));
            else if (!isFilterGiven)
                (filter, isFilterGiven) = (Filter(argument), true);
            else
                throw Mistake(argument.Position, $"'{step.Name}' has one filter, and '{argument.Value}' is a second one.");
        }

        RequireOneOrTwoSides(step, sizes);
        var kind =
            step.Name == "fit" ? ImageResizeKind.FitTopLeft
            : step.Name == "letterbox" ? ImageResizeKind.FitCentered
            : sizes.Count == 1 ? ImageResizeKind.ShorterSide
            : ImageResizeKind.Stretch;
        var isAveraging = Antialias(antialias, filter);
        _resize = new ImageResize(
            kind,
            sizes[0],
            sizes[sizes.Count - 1],
            filter,
            isAveraging,
            padding ?? (kind == ImageResizeKind.FitCentered ? LetterboxPadding : 0)
        );
    }

    private void SetCrop(DescriptionStep step)
    {
        if (_crop is not null)
            throw Mistake(step.Position, "An image is cropped once. Keep one 'crop'.");
        if (_resize is { Kind: ImageResizeKind.FitTopLeft or ImageResizeKind.FitCentered })
            throw Mistake(step.Position, "'fit' and 'letterbox' keep the whole image, so 'crop' cannot follow them. Use 'resize' before 'crop'.");
        RequireBeforeValues(step);
        var sizes = new List<int>();
        foreach (var argument in Arguments(step))
            sizes.Add(argument.Name is null ? Side(argument) : throw UnknownName(step, argument));
        RequireOneOrTwoSides(step, sizes);
        _crop = new ImageCrop(sizes[0], sizes[sizes.Count - 1]);
    }

    private void Compose(DescriptionStep step)
    {
        var channels = Channels;
        var arguments = Arguments(step);
        if (arguments.Count != 1 && (arguments.Count != channels.Length || step.Name == "scale"))
            throw Mistake(
                step.Position,
                step.Name == "scale"
                    ? $"'scale' has one number, not {arguments.Count}. 'std' divides each channel by its own number."
                    : $"'{step.Name}' has {arguments.Count} numbers. It has one, or one for each of the {channels.Length} channels."
            );
        for (var i = 0; i < channels.Length; i++)
        {
            var argument = arguments[arguments.Count == 1 ? 0 : i];
            if (argument.Name is not null)
                throw UnknownName(step, argument);
            var number = argument.Number(_text);
            if (step.Name == "std" && number == 0)
                throw Mistake(argument.Position, "'std' divides by its numbers, so none of them is 0.");
            var (factor, offset) = channels[i];
            channels[i] = step.Name switch
            {
                "scale" => new ChannelValues(factor * number, offset * number),
                "mean" => new ChannelValues(factor, offset - number),
                _ => new ChannelValues(factor / number, offset / number),
            };
        }
    }

    private bool Antialias(DescriptionArgument? argument, ImageFilter filter)
    {
        var isNearest = filter is ImageFilter.Nearest or ImageFilter.NearestExact;
        if (argument is null)
            return !isNearest;
        if (argument.Value is not ("true" or "false"))
            throw Mistake(argument.Position, $"'antialias' is true or false, not '{argument.Value}'.");
        if (argument.Value == "true" && isNearest)
            throw Mistake(argument.Position, "'nearest' and 'nearest-exact' take single pixels, so they cannot have 'antialias=true'.");
        return argument.Value == "true";
    }

    private ImageFilter Filter(DescriptionArgument argument) =>
        _filters.TryGetValue(argument.Value, out var filter)
            ? filter
            : throw Mistake(
                argument.Position,
                $"'{argument.Value}' is neither a number nor a filter.{NearestName.Hint(argument.Value, _filters.Keys)} The filters are {List(_filters.Keys)}."
            );

    private double Padding(DescriptionArgument argument) =>
        argument.Number(_text) is >= 0 and <= 255 and var padding
            ? padding
            : throw Mistake(argument.Position, $"'pad' is the value of a pixel, 0 to 255, not '{argument.Value}'.");

    private int Side(DescriptionArgument argument) => argument.Integer(_text, "size", 1, MaxSide);

    private IReadOnlyList<DescriptionArgument> Arguments(DescriptionStep step) => step.Required(_text, Example(step.Name));

    private void RequireOneOrTwoSides(DescriptionStep step, List<int> sizes)
    {
        if (sizes.Count is not (1 or 2))
            throw Mistake(
                step.Position,
                $"'{step.Name}' has one size or a width and a height, such as '{Example(step.Name)}'; here it has {sizes.Count} sizes."
            );
    }

    private void RequireBeforeValues(DescriptionStep step)
    {
        if (_channels is not null)
            throw Mistake(step.Position, $"'{step.Name}' stands before {List(_values)}.");
    }

    private DescriptionException UnknownName(DescriptionStep step, DescriptionArgument argument)
    {
        string[] names =
            step.Name == "resize" ? ["antialias"]
            : _resizes.Contains(step.Name) ? ["antialias", "pad"]
            : [];
        return Mistake(
            argument.Position,
            names.Length == 0 ? $"'{step.Name}' has no argument with a name, so '{argument.Name}=' is not possible."
                : names.Contains(argument.Name) ? $"'{argument.Name}' is given twice."
                : $"'{step.Name}' has no argument '{argument.Name}'.{NearestName.Hint(argument.Name!, names)} Its names are {List(names)}."
        );
    }

    private static string Example(string step) =>
        step switch
        {
            "resize" => "resize(256)",
            "fit" => "fit(320,240)",
            "letterbox" => "letterbox(640)",
            "crop" => "crop(224)",
            "scale" => "scale(1/255)",
            "mean" => "mean(127)",
            _ => "std(128)",
        };

    private static string List(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    private DescriptionException Mistake(int position, string explanation) => new(_text, position, explanation);
}
