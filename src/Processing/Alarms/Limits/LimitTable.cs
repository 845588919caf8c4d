using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Alarms.Limits;

/// <summary>Where a standard limit is from.</summary>
public enum LimitSource
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>
    /// The usual factory settings of bedside monitors for adults, as in: Mindray, TM80/TM70 Telemetry Monitor Operator's Manual, section 12 (SpO2 90 to 100, desaturation 80, systolic 90 to 160, diastolic 50 to 90,
    /// mean 60 to 110); Contec, CMS8000 Patient Monitor User Manual, page 88 (pulse 50 to 120, SpO2 from 90). Respiration 8 to 30 and temperature 36 to 39 are this project's requirement.
    /// </summary>
    AdultMonitor = 1,

    /// <summary>The 1st and 99th centile in: Fleming and others, Normal ranges of heart rate and respiratory rate in children from birth to 18 years of age, Lancet 2011;377:1011-18, web tables 4 and 5. Of the age bands within a class the widest.</summary>
    Fleming2011 = 2,

    /// <summary>The definition of hypotension in: American Heart Association, Pediatric Advanced Life Support (systolic under 60 in term neonates, 70 in infants, 70 + 2 x age from 1 to 10 years, 90 above). Of a class the youngest age.</summary>
    Pals = 3,

    /// <summary>Stage 2 hypertension from 13 years on in: American Academy of Pediatrics, Clinical practice guideline for high blood pressure in children and adolescents, Pediatrics 2017;140(3):e20171904, table 3.</summary>
    Aap2017 = 4,

    /// <summary>Factory settings for children and neonates in: Contec, CMS8000 Patient Monitor User Manual, page 88 (SpO2 from 90 for children, from 85 for neonates).</summary>
    Cms8000 = 5,

    /// <summary>Hypothermia of the newborn, under 36.5 degrees, in: World Health Organization, Thermal protection of the newborn: a practical guide, WHO/RHT/MSM/97.2, 1997.</summary>
    WhoThermal = 6,

    /// <summary>Fever that puts a child at high risk of serious illness: 38 degrees and more under 3 months, in: NICE guideline NG143, Fever in under 5s, table 1.</summary>
    NiceNg143 = 7,
}

/// <summary>A limit with its source; both are missing where no source gives one value for all of an age class.</summary>
/// <param name="Value">The limit, in the signal's unit.</param>
/// <param name="Source">Where it is from.</param>
public readonly record struct CitedLimit(double? Value, LimitSource Source)
{
    /// <summary>No limit.</summary>
    public static CitedLimit None => default;
}

/// <summary>The standard limits of a signal with their sources.</summary>
/// <param name="Low">The low limit.</param>
/// <param name="High">The high limit.</param>
/// <param name="Desaturation">The limit of desaturation.</param>
public readonly record struct CitedLimits(CitedLimit Low, CitedLimit High, CitedLimit Desaturation)
{
    /// <summary>The limits alone.</summary>
    public SignalLimits Values => new(Low.Value, High.Value, Desaturation.Value);
}

/// <summary>
/// The standard limits for each age class. A patient of unknown age has an adult's. Where children have no limit, it is because those that are published depend on age, sex and height
/// (blood pressure), or are not published as one value: they are set for the patient by command.
/// </summary>
public static class LimitTable
{
    private static readonly SignalCode[] Codes =
    [
        SignalCode.HeartRate, SignalCode.PulseRate, SignalCode.SpO2, SignalCode.RespiratoryRate, SignalCode.ArterialSystolic, SignalCode.ArterialDiastolic, SignalCode.ArterialMean,
        SignalCode.CuffSystolic, SignalCode.CuffDiastolic, SignalCode.CuffMean, SignalCode.CoreTemperature,
    ];

    /// <summary>The signals that have limits.</summary>
    public static IReadOnlyList<SignalCode> Signals => Codes;

    /// <summary>The standard limits of a signal; none for a signal that has no limits.</summary>
    /// <param name="ageClass">The age class; unknown is an adult.</param>
    /// <param name="code">The signal.</param>
    public static CitedLimits For(AgeClass ageClass, SignalCode code)
    {
        AgeClass age = ageClass == AgeClass.Unknown ? AgeClass.Adult : ageClass;
        return code switch
        {
            SignalCode.HeartRate or SignalCode.PulseRate => HeartRate(age),
            SignalCode.SpO2 => SpO2(age),
            SignalCode.RespiratoryRate => RespiratoryRate(age),
            SignalCode.ArterialSystolic or SignalCode.CuffSystolic => Systolic(age),
            SignalCode.ArterialDiastolic or SignalCode.CuffDiastolic => Diastolic(age),
            SignalCode.ArterialMean or SignalCode.CuffMean => age == AgeClass.Adult ? Pair(60, 110, LimitSource.AdultMonitor) : default,
            SignalCode.CoreTemperature => Temperature(age),
            _ => default,
        };
    }

    // Bands of the source: birth (first week) 90-164, to 3 months 107-181, 6: 104-175, 9: 98-168, 12: 93-161, 18: 88-156, 24: 82-149; years to 3: 76-142, 4: 70-136, 6: 65-131, 8: 59-123, 12: 52-115, 15: 47-108, 18: 43-104.
    private static CitedLimits HeartRate(AgeClass age) => age switch
    {
        AgeClass.Neonate => Pair(90, 181, LimitSource.Fleming2011),
        AgeClass.Infant => Pair(93, 181, LimitSource.Fleming2011),
        AgeClass.Toddler => Pair(76, 156, LimitSource.Fleming2011),
        AgeClass.Preschool => Pair(65, 136, LimitSource.Fleming2011),
        AgeClass.School => Pair(52, 123, LimitSource.Fleming2011),
        AgeClass.Adolescent => Pair(43, 108, LimitSource.Fleming2011),
        _ => Pair(50, 120, LimitSource.AdultMonitor),
    };

    // Bands of the source: to 3 months 25-66, 6: 24-64, 9: 23-61, 12: 22-58, 18: 21-53, 24: 19-46; years to 3: 18-38, 4: 17-33, 6: 17-29, 8: 16-27, 12: 14-25, 15: 12-23, 18: 11-22.
    private static CitedLimits RespiratoryRate(AgeClass age) => age switch
    {
        AgeClass.Neonate => Pair(25, 66, LimitSource.Fleming2011),
        AgeClass.Infant => Pair(22, 66, LimitSource.Fleming2011),
        AgeClass.Toddler => Pair(18, 53, LimitSource.Fleming2011),
        AgeClass.Preschool => Pair(17, 33, LimitSource.Fleming2011),
        AgeClass.School => Pair(14, 27, LimitSource.Fleming2011),
        AgeClass.Adolescent => Pair(11, 23, LimitSource.Fleming2011),
        _ => Pair(8, 30, LimitSource.AdultMonitor),
    };

    private static CitedLimits SpO2(AgeClass age)
    {
        LimitSource low = age == AgeClass.Adult ? LimitSource.AdultMonitor : LimitSource.Cms8000;
        // Desaturation is the monitors' setting for adults and children alike; a neonate's differs between units and is set by command.
        CitedLimit desaturation = age == AgeClass.Neonate ? CitedLimit.None : new(80, LimitSource.AdultMonitor);
        return new(new(age == AgeClass.Neonate ? 85 : 90, low), CitedLimit.None, desaturation);
    }

    private static CitedLimits Systolic(AgeClass age) => age switch
    {
        AgeClass.Neonate => Low(60, LimitSource.Pals),
        AgeClass.Infant => Low(70, LimitSource.Pals),
        AgeClass.Toddler => Low(72, LimitSource.Pals),
        AgeClass.Preschool => Low(76, LimitSource.Pals),
        AgeClass.School => Low(82, LimitSource.Pals),
        AgeClass.Adolescent => new(new(90, LimitSource.Pals), new(140, LimitSource.Aap2017), CitedLimit.None),
        _ => Pair(90, 160, LimitSource.AdultMonitor),
    };

    private static CitedLimits Diastolic(AgeClass age) => age switch
    {
        AgeClass.Adult => Pair(50, 90, LimitSource.AdultMonitor),
        AgeClass.Adolescent => new(CitedLimit.None, new(90, LimitSource.Aap2017), CitedLimit.None),
        _ => default,
    };

    private static CitedLimits Temperature(AgeClass age) => age switch
    {
        AgeClass.Neonate => new(new(36.5, LimitSource.WhoThermal), new(38, LimitSource.NiceNg143), CitedLimit.None),
        // The guideline's 38 degrees hold to 3 months, the class goes to a year; the stricter value holds for all of it.
        AgeClass.Infant => new(new(36, LimitSource.AdultMonitor), new(38, LimitSource.NiceNg143), CitedLimit.None),
        _ => Pair(36, 39, LimitSource.AdultMonitor),
    };

    private static CitedLimits Pair(double low, double high, LimitSource source) => new(new(low, source), new(high, source), CitedLimit.None);

    private static CitedLimits Low(double low, LimitSource source) => new(new(low, source), CitedLimit.None, CitedLimit.None);
}
